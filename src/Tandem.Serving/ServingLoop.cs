using System.Text.Json;
using Tandem.Events;
using Tandem.Features;
using Tandem.Spec;

namespace Tandem.Serving;

/// <summary>The serving loop behind a request: logs what was shown, and lets every event change the next
/// answer.</summary>
/// <remarks>Requests may run in parallel; <see cref="Apply"/> is called by one thread at a time, in the order of the
/// log.</remarks>
public sealed class ServingLoop
{
    private const int RememberedAnswers = 100_000;

    private readonly RecentAnswers _recent = new(RememberedAnswers);
    private readonly IJournal _journal;
    private readonly Predictor _predictor;
    private readonly ItemCatalogue _catalogue;
    private readonly UserActivity _activity;
    private readonly LabelRule _label;
    private readonly ImpressionWriter _impressions;
    private readonly string _userEntity;
    private readonly string _itemEntity;
    private readonly string? _impressionType;
    private readonly string _task;
    private readonly bool _isPredicted;
    private readonly Dictionary<string, string[]> _itemTables;
    private readonly string? _itemTable;

    /// <summary>Ties the parts of the loop together.</summary>
    /// <param name="spec">The system.</param>
    /// <param name="journal">Receives impressions.</param>
    /// <param name="predictor">Answers.</param>
    /// <param name="catalogue">The items.</param>
    /// <param name="activity">What users did.</param>
    /// <param name="features">The online features, which are logged beside each answer.</param>
    /// <param name="clock">Tells the time.</param>
    public ServingLoop(
        SystemSpec spec, IJournal journal, Predictor predictor, ItemCatalogue catalogue, UserActivity activity,
        IOnlineStore features, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(spec);
        _journal = journal;
        _predictor = predictor;
        Outcomes = new OutcomePredictor(predictor.Meter, clock);
        _catalogue = catalogue;
        _activity = activity;
        _task = spec.Objective.Task;
        _isPredicted = spec.IsPredicted;
        _label = new LabelRule(spec);
        (_userEntity, _itemEntity) = Roles(spec);
        _impressionType = spec.Objective.Label.Impression;
        _itemTables = spec.Sources
            .Where(source => source.Value.Kind == SourceKind.Table && source.Value.Entities[0] == _itemEntity)
            .ToDictionary(
                source => source.Key,
                source => source.Value.Columns.Where(column => column.Value.Type == ColumnType.Text)
                    .Select(column => column.Key).ToArray(),
                StringComparer.Ordinal);
        _itemTable = spec.Entities[_itemEntity].Table;
        _impressions = new ImpressionWriter(
            features, FeatureSet.Create(features.Views), _userEntity, _itemEntity, clock);
    }

    /// <summary>Receives, for each positive that answers a known list, how the model ranked it there, from 1.</summary>
    public Action<int>? ChosenRank { get; set; }

    /// <summary>Answers how likely positives are, where the task is a probability.</summary>
    public OutcomePredictor Outcomes { get; }

    /// <summary>Which entity acts and which is acted on: the first two of the label's source.</summary>
    /// <param name="spec">The system.</param>
    public static (string User, string Item) Roles(SystemSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        IReadOnlyList<string> entities = spec.Sources[spec.Objective.Label.Event].Entities;
        return (entities[0], entities[^1]);
    }

    /// <summary>Answers a request and logs an impression for every shown position.</summary>
    /// <param name="request">The question.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The answer. Its impressions are on their way to the log: a request does not wait for the disk.</returns>
    /// <exception cref="Tandem.Faults.TandemException">SRV009: the task is not to show; EVT011: too much waits for the disk
    /// already.</exception>
    public async ValueTask<RecommendResponse> RecommendAsync(
        RecommendRequest request, CancellationToken cancellationToken = default)
    {
        RecommendResponse response = _isPredicted
            ? throw ServingErrors.OtherAnswer(_task, _isPredicted)
            : _predictor.Recommend(request);
        _recent.Add(response);
        await LogAsync(request, response, cancellationToken).ConfigureAwait(false);
        return response;
    }

    /// <summary>Answers how likely positives are, and logs an impression for each item where they are shown.</summary>
    /// <param name="request">The question.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The answer. Its impressions are on their way to the log.</returns>
    /// <exception cref="Tandem.Faults.TandemException">SRV009: the task is not to predict; EVT011: too much waits for the disk
    /// already.</exception>
    public async ValueTask<PredictResponse> PredictAsync(
        PredictRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        PredictResponse response = _isPredicted
            ? Outcomes.Predict(request)
            : throw ServingErrors.OtherAnswer(_task, _isPredicted);
        if (request.IsShown)
        {
            RecommendedItem[] shown =
            [
                .. response.Predictions.Select(static (each, place) =>
                    new RecommendedItem(each.Id, place + 1, each.Probability, "model")),
            ];
            await LogAsync(
                new RecommendRequest { UserId = request.UserId, Context = request.Context },
                new RecommendResponse(response.RequestId, response.ModelVersion, shown, Trace: null)
                {
                    Values = response.Values,
                },
                cancellationToken).ConfigureAwait(false);
        }

        return response;
    }

    private async ValueTask LogAsync(
        RecommendRequest request, RecommendResponse response, CancellationToken cancellationToken)
    {
        if (_impressionType is null || response.Items.Count == 0)
        {
            return;
        }

        EventRecord[] shown = await _impressions
            .WriteAsync(_impressionType, request, response, cancellationToken).ConfigureAwait(false);
        ValueTask<JournalPosition> append = _journal.AppendAsync(shown, cancellationToken);
        if (append.IsCompleted)
        {
            await append.ConfigureAwait(false);
        }
        else
        {
            _ = WatchAsync(append.AsTask());
        }
    }

    /// <summary>Lets events change the next answers: histories, items met and item columns. The online features have
    /// them from whoever owns the store.</summary>
    /// <param name="batch">Events in the order of the log.</param>
    public void Apply(JournalBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        foreach (EventRecord record in batch.Events)
        {
            Restore(record);
        }
    }

    /// <summary>Lets an event change histories, items met and item columns.</summary>
    /// <param name="record">An event, such as one that the lake holds, in the order of the log.</param>
    public void Restore(EventRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (_itemTables.TryGetValue(record.Type, out string[]? columns))
        {
            ApplyItem(record, columns);
        }
        else if (record.Type != _impressionType)
        {
            ApplyAction(record);
        }
    }

    private void ApplyAction(EventRecord record)
    {
        string? user = IdOf(record, _userEntity);
        string? item = IdOf(record, _itemEntity);
        if (user is null || item is null)
        {
            return;
        }

        bool isPositive = _label.IsPositive(record);
        _activity.Add(user, item, record.EventTime ?? record.KnownTime, record.KnownTime, isPositive, record.Id);
        if (isPositive && record.RequestId is { } requestId && _recent.RankOf(requestId, item) is { } rank)
        {
            ChosenRank?.Invoke(rank);
        }
    }

    // The row that arrived last stands for the item.
    private void ApplyItem(EventRecord record, string[] columns)
    {
        if (IdOf(record, _itemEntity) is not { } item)
        {
            return;
        }

        string?[] values = new string?[columns.Length];
        bool isDeleted = !record.Data.IsEmpty && ReadRow(record.Data.Span, columns, values);
        _catalogue.Put(item, columns, values, isDeleted && record.Type == _itemTable);
    }

    // Gives whether the row says that its entity is gone.
    private static bool ReadRow(ReadOnlySpan<byte> data, string[] columns, string?[] values)
    {
        bool isDeleted = false;
        Utf8JsonReader reader = new(data);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isMark = reader.ValueTextEquals(SourceSpec.DeletedColumn);
            int column = Array.IndexOf(columns, reader.GetString());
            reader.Read();
            isDeleted |= isMark && reader.TokenType == JsonTokenType.True;
            if (column >= 0 && reader.TokenType == JsonTokenType.String)
            {
                values[column] = reader.GetString();
            }

            reader.Skip();
        }

        return isDeleted;
    }

    private async Task WatchAsync(Task append)
    {
        try
        {
            await append.ConfigureAwait(false);
        }
        catch (Faults.TandemException)
        {
            _predictor.Meter.CountError();
        }
        catch (OperationCanceledException)
        {
            _predictor.Meter.CountError();
        }
    }

    private static string? IdOf(EventRecord record, string entity)
    {
        IReadOnlyList<EntityKey> keys = record.Entities;
        for (int i = 0; i < keys.Count; i++)
        {
            if (keys[i].Entity == entity)
            {
                return keys[i].Id;
            }
        }

        return null;
    }
}
