using Tandem.Events;
using Tandem.Features;
using Tandem.Lake;
using Tandem.Registry;
using Tandem.Serving;
using Tandem.Spec;

namespace Tandem.Workspace;

public sealed partial class TandemWorkspace
{
    private readonly IReadOnlyList<FeatureView> _views;
    private readonly AppliedPosition _applied = new();
    private ServingLoop? _serving;
    private FeatureStore? _features;
    private UserActivity? _activity;
    private ItemCatalogue? _catalogue;
    private Predictor? _predictor;
    private Task? _following;

    /// <summary>Answers requests; there after <see cref="StartServingAsync"/>.</summary>
    /// <exception cref="InvalidOperationException">Serving was not started.</exception>
    public Predictor Predictor =>
        _predictor ?? throw new InvalidOperationException("Call StartServingAsync first.");

    /// <summary>Fills the online state from the lake and the log behind it, loads the champion, and follows the log from
    /// then on.</summary>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <exception cref="Tandem.Faults.TandemException">WSP008: opened for reading; LAK002: the lake cannot be
    /// read.</exception>
    public async Task StartServingAsync(CancellationToken cancellationToken = default)
    {
        IJournal journal = Writer();
        (string _, string itemEntity) = ServingLoop.Roles(Spec);
        string[] textColumns = [.. Spec.Sources
            .Where(source => source.Value.Kind == SourceKind.Table && source.Value.Entities[0] == itemEntity)
            .SelectMany(source => source.Value.Columns)
            .Where(column => column.Value.Type == ColumnType.Text)
            .Select(column => column.Key)];
        ItemCatalogue catalogue = new(textColumns);
        _catalogue = catalogue;
        _activity = new UserActivity(catalogue.Items, Spec.Serving.HistoryLength);
        _features = new FeatureStore(_views);
        _predictor = new Predictor(
            new ServingOptions
            {
                Slots = Spec.Serving.Slots,
                CandidateCount = Spec.Serving.CandidateCount,
                ExcludeSeen = Spec.Serving.ExcludeSeen,
                HistoryLength = Spec.Serving.HistoryLength,
                Exploration = Spec.Serving.Exploration,
                Seed = Spec.Training.Seed,
            },
            Spec.Serving.Rules, catalogue, _activity, _options.Clock);
        _serving = new ServingLoop(Spec, journal, _predictor, catalogue, _activity, _features, _options.Clock)
        {
            ChosenRank = OnChosen,
        };
        _rows = new EntityRows(Spec);
        await LoadChampionAsync(cancellationToken).ConfigureAwait(false);

        // Nobody trims the log between the lake's end and the reader that begins there.
        await _work.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            JournalPosition from = await RestoreAsync(_serving, _features, cancellationToken).ConfigureAwait(false);
            JournalPosition target = journal.End;
            _following = Task.Run(() => FollowAsync(journal, from, _serving), CancellationToken.None);
            await _applied.WaitAsync(target, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _work.Release();
        }
    }

    /// <summary>Answers which items to show, and logs what was shown.</summary>
    /// <param name="request">The question.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async ValueTask<RecommendResponse> RecommendAsync(
        RecommendRequest request, CancellationToken cancellationToken = default)
    {
        ServingLoop serving = _serving ?? throw new InvalidOperationException("Call StartServingAsync first.");
        RecommendResponse response = await serving.RecommendAsync(request, cancellationToken).ConfigureAwait(false);
        if (Spec.Objective.Label.Impression is not null)
        {
            Interlocked.Add(ref _appended, response.Items.Count);
        }

        return response;
    }

    /// <summary>Appends events that are known to be good, such as a world's, without the checks of
    /// <see cref="IngestAsync"/>.</summary>
    /// <param name="events">Events to append.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async ValueTask AppendAsync(
        IReadOnlyList<EventRecord> events, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        await Writer().AppendAsync(events, cancellationToken).ConfigureAwait(false);
        Interlocked.Add(ref _appended, events.Count);
    }

    /// <summary>What users did, for tests.</summary>
    internal UserActivity Activity => _activity!;

    /// <summary>The online features, for tests.</summary>
    internal FeatureStore Features => _features!;

    /// <summary>The items, for tests.</summary>
    internal ItemCatalogue Catalogue => _catalogue!;

    private async Task LoadChampionAsync(CancellationToken cancellationToken)
    {
        AliasChange? champion = await Registry.AliasAsync(Spec.Name, "champion", cancellationToken)
            .ConfigureAwait(false);
        string? version = champion?.Version?.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (version is null || version == _predictor?.Model?.Version)
        {
            return;
        }

        ModelVersion found = (await Registry.FindAsync(Spec.Name, version, cancellationToken).ConfigureAwait(false))!;
        ServedModel model = await ServedModelFile.LoadAsync(Registry, found, cancellationToken).ConfigureAwait(false);
        _predictor!.Swap(model);
        _champion = found;
        lock (_conceptGate)
        {
            // The new model's errors are another stream.
            _concept = NewConceptMonitor();
        }
    }

    /// <summary>Fills the online state from the lake; gives where in the log it ends.</summary>
    private async Task<JournalPosition> RestoreAsync(
        ServingLoop serving, FeatureStore features, CancellationToken cancellationToken)
    {
        using LakeSnapshot snapshot = await _lake.SnapshotAsync(null, cancellationToken).ConfigureAwait(false);
        LakeHistory history = new(Spec);
        await Task.WhenAll(
            features.RestoreAsync(snapshot, cancellationToken),
            Task.Run(() => Restore(serving, history.Read(snapshot, cancellationToken)), cancellationToken))
            .ConfigureAwait(false);
        _applied.MoveTo(snapshot.Manifest.To);
        return snapshot.Manifest.To;
    }

    private static void Restore(ServingLoop serving, IEnumerable<EventRecord> events)
    {
        foreach (EventRecord record in events)
        {
            serving.Restore(record);
        }
    }

    private async Task FollowAsync(IJournal journal, JournalPosition from, ServingLoop serving)
    {
        try
        {
            await foreach (JournalBatch batch in journal.ReadAsync(from, follow: true, _closing.Token)
                .ConfigureAwait(false))
            {
                serving.Apply(batch);
                _rows!.Apply(batch);
                _applied.MoveTo(batch.End);
            }
        }
        catch (Exception failure)
        {
            // Whoever waits for the stream must learn that it ended; nobody else awaits this task before the close.
            _applied.Fail(failure);
            throw;
        }
    }
}
