using Tandem.Events;
using Tandem.Faults;
using Tandem.Features;
using Tandem.Lake;
using Tandem.Learning;
using Tandem.Learning.Nearest;
using Tandem.Registry;
using Tandem.Serving;
using Tandem.Spec;
using Tandem.Storage;

namespace Tandem.Workspace;

public sealed partial class TandemWorkspace
{
    private const string IndexJob = "index";
    private const string SnapshotJob = "feature snapshot";

    private readonly IReadOnlyList<FeatureView> _views;
    private readonly RequestCheck _requests;
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
    /// <exception cref="TandemException">WSP008: opened for reading; LAK002: the lake cannot be
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
        _servingSince = _options.Clock.GetUtcNow();
        _activity = new UserActivity(catalogue.Items, Spec.Serving.HistoryLength);
        _features = _server is null ? NewFeatureStore(_views) : null;
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
        _serving = new ServingLoop(Spec, journal, _predictor, catalogue, _activity, Online, _options.Clock)
        {
            ChosenRank = OnChosen,
        };
        _rows = new EntityRows(Spec);
        await PinStoresAsync(cancellationToken).ConfigureAwait(false);
        await LoadChampionAsync(cancellationToken).ConfigureAwait(false);

        // Nobody trims the log between the lake's end and the reader that begins there.
        await _work.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            JournalPosition from = await RestoreAsync(journal, _serving, cancellationToken).ConfigureAwait(false);
            JournalPosition target = journal.End;
            _following = Task.Run(() => FollowAsync(journal, from, _serving), CancellationToken.None);
            await _applied.WaitAsync(target, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _work.Release();
        }

        await (Spec.IsPredicted
            ? WarmAsync(_serving.Outcomes.Model, catalogue.Items, cancellationToken)
            : WarmAsync(_predictor.Model?.Ranker, _predictor.Model?.Items ?? catalogue.Items, cancellationToken))
            .ConfigureAwait(false);

        await StartServerAsync(journal, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Answers which items to show, and logs what was shown.</summary>
    /// <param name="request">The question.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="Faults.TandemException">WSP071 and the codes of events: its context is not what the source of
    /// impressions declares.</exception>
    public async ValueTask<RecommendResponse> RecommendAsync(
        RecommendRequest request, CancellationToken cancellationToken = default)
    {
        ServingLoop serving = _serving ?? throw new InvalidOperationException("Call StartServingAsync first.");
        ArgumentNullException.ThrowIfNull(request);
        _requests.Demand(request.Context);
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

    /// <summary>The turn at the work, for tests that hold it up.</summary>
    internal SemaphoreSlim Work => _work;

    /// <summary>What users did, for tests.</summary>
    internal UserActivity Activity => _activity!;

    /// <summary>The online features, for tests.</summary>
    internal FeatureStore Features => _features!;

    /// <summary>The items, for tests.</summary>
    internal ItemCatalogue Catalogue => _catalogue!;

    /// <summary>Answers how likely positives are, and logs what was shown where the request says so.</summary>
    /// <param name="request">The question.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="TandemException">WSP071 and the codes of events: an id is none, or its context is not what the
    /// source of impressions declares.</exception>
    public async ValueTask<PredictResponse> PredictAsync(
        PredictRequest request, CancellationToken cancellationToken = default)
    {
        ServingLoop serving = _serving ?? throw new InvalidOperationException("Call StartServingAsync first.");
        ArgumentNullException.ThrowIfNull(request);
        _requests.Demand(request.Context);
        PredictResponse response = await serving.PredictAsync(request, cancellationToken).ConfigureAwait(false);
        if (request.IsShown && Spec.Objective.Label.Impression is not null)
        {
            Interlocked.Add(ref _appended, response.Predictions.Count);
        }

        return response;
    }

    /// <summary>Version that answers, in digits; null before the first.</summary>
    private string? ServedVersion => Spec.IsPredicted ? _serving?.Outcomes.Version : _predictor?.Model?.Version;

    private async Task LoadChampionAsync(CancellationToken cancellationToken)
    {
        AliasChange? champion = await Registry.AliasAsync(Spec.Name, "champion", cancellationToken)
            .ConfigureAwait(false);
        string? version = champion?.Version?.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (version is null || version == ServedVersion)
        {
            return;
        }

        ModelVersion found = (await Registry.FindAsync(Spec.Name, version, cancellationToken).ConfigureAwait(false))!;
        (ServedRowModel? ranker, Fault? fault) = await RankerAsync(found, cancellationToken).ConfigureAwait(false);
        if (Spec.IsPredicted)
        {
            await WarmAsync(ranker, _catalogue!.Items, cancellationToken).ConfigureAwait(false);
            (DecisionRule? rule, Fault? damage) = await RuleAsync(found, cancellationToken).ConfigureAwait(false);
            _serving!.Outcomes.Swap(version, damage is null ? ranker : null, fault ?? damage, rule);
        }
        else
        {
            await SwapAsync(found, ranker, fault, cancellationToken).ConfigureAwait(false);
        }

        Tell(RankJob, fault);
        _champion = found;
        lock (_conceptGate)
        {
            // The new model's errors are another stream.
            _concept = NewConceptMonitor();
        }
    }

    /// <summary>Lets a version that shows answer, and tells what it answers without.</summary>
    private async Task SwapAsync(
        ModelVersion version, ServedRowModel? ranker, Fault? fault, CancellationToken cancellationToken)
    {
        ServedModel model = await ServedModelFile.LoadAsync(Registry, version, cancellationToken).ConfigureAwait(false);
        (NearestIndex? index, Fault? indexFault) = await ServedIndex.OpenAsync(
            Registry, version, model.Scorer, Spec.Serving, _options.ThreadCount, cancellationToken).ConfigureAwait(false);
        (model, Fault? without) = await WithInputsAsync(model, version, cancellationToken).ConfigureAwait(false);
        await WarmAsync(ranker, model.Items, cancellationToken).ConfigureAwait(false);
        _predictor!.Swap(model with { Index = index, Ranker = ranker, RankFault = fault });
        Tell(RetrievalJob, without);
        Tell(IndexJob, indexFault);
    }

    /// <summary>Lets a model that reads texts read those of all items, before requests ask for them.</summary>
    private Task WarmAsync(ServedRowModel? model, EntityIndex items, CancellationToken cancellationToken) => model is null
        ? Task.CompletedTask
        : Task.Run(
            () => model.Warm(items, _options.Clock.GetUtcNow(), _options.ThreadCount, cancellationToken),
            cancellationToken);

    /// <summary>Fills the online state from the features' snapshot, the lake and the log; gives where in the log it
    /// ends.</summary>
    private async Task<JournalPosition> RestoreAsync(
        IJournal journal, ServingLoop serving, CancellationToken cancellationToken)
    {
        using LakeSnapshot snapshot = await _lake.SnapshotAsync(null, cancellationToken).ConfigureAwait(false);
        LakeHistory history = new(Spec);
        IReadOnlyList<Fault> passedOver = [];
        await Task.WhenAll(
            FillAsync(),
            Task.Run(() => Restore(serving, history.Read(snapshot, cancellationToken)), cancellationToken))
            .ConfigureAwait(false);
        if (passedOver.Count > 0)
        {
            Fail(SnapshotJob, _options.Clock.GetUtcNow(), passedOver[0]);
        }

        // The features may be ahead of the lake: the rest of the state follows to the same place.
        JournalPosition until = _features?.AppliedUntil ?? snapshot.Manifest.To;
        await foreach (JournalBatch batch in journal
            .ReadUntilAsync(snapshot.Manifest.To, until, cancellationToken).ConfigureAwait(false))
        {
            Restore(serving, batch.Events);
            _rows!.Apply(batch);
        }

        await RestorePinnedAsync(snapshot, journal, until, cancellationToken).ConfigureAwait(false);
        _predictor!.TakeInItems();
        _applied.MoveTo(until);
        return until;

        async Task FillAsync() => passedOver = _features is null
            ? []
            : (await _features
                .RestoreAsync(snapshot, journal, _store.Under(_layout.Features), cancellationToken)
                .ConfigureAwait(false)).PassedOver;
    }

    private async Task SaveFeaturesInTurnAsync(CancellationToken cancellationToken)
    {
        await _work.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await SaveFeaturesAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _work.Release();
        }
    }

    /// <summary>Saves the online features where this process serves, so that the next start need not compute them from
    /// the lake. The caller's turn at the work.</summary>
    private async Task SaveFeaturesAsync(CancellationToken cancellationToken)
    {
        if (_following is not null && _features is not null)
        {
            await _features.SaveSnapshotAsync(_store.Under(_layout.Features), cancellationToken).ConfigureAwait(false);
        }
    }

    private FeatureStore NewFeatureStore(IReadOnlyList<FeatureView> views) => new(
        views,
        new FeatureStoreOptions
        {
            MemoryBytes = _options.FeatureMemoryBytes,
            ColdFolder = _store.StagingFolder,
        });

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
                _pinned.ForEach(store => store.Apply(batch));
                _features?.Apply(batch);
                serving.Apply(batch);
                _rows!.Apply(batch);
                _predictor!.TakeInItems();
                if (_features is not null)
                {
                    CountFreshness(batch);
                }

                // Last: whoever waits for the place finds everything that the batch changed.
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
