using System.Diagnostics;
using Tandem.Features;
using Tandem.Lake;
using Tandem.Learning;
using Tandem.Registry;
using Tandem.Spec;
using Tandem.Storage;
using Tandem.Training.Leaks;
using Tandem.Training.Outcomes;
using Tandem.Training.Ranking;
using Tandem.Training.Search;

namespace Tandem.Training;

/// <summary>The training loop: reads the lake, fits baselines and candidates, judges them on rows that none of them
/// saw, lets the gate decide, fits the best on everything, and registers it.</summary>
/// <remarks>Equal lake, file and seed give equal bytes and figures, whatever the thread count.</remarks>
public sealed partial class TrainingLoop
{
    private readonly TrainingLoopOptions _options;
    private readonly SystemSpec _spec;
    private readonly IReadOnlyList<FeatureView> _views;
    private readonly ModelCatalogue _catalogue;
    private readonly TimeProvider _clock;
    private readonly VersionPublisher _publisher;

    /// <summary>Makes a loop.</summary>
    /// <param name="options">Hashes, versions and threads.</param>
    /// <param name="spec">The system.</param>
    /// <param name="views">Its feature views.</param>
    /// <param name="store">Store for training sets.</param>
    /// <param name="registry">Receives versions.</param>
    /// <param name="catalogue">Kinds of models.</param>
    /// <param name="clock">Tells the time.</param>
    public TrainingLoop(
        TrainingLoopOptions options, SystemSpec spec, IReadOnlyList<FeatureView> views, IObjectStore store,
        ModelRegistry registry, ModelCatalogue catalogue, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(spec);
        _options = options;
        _spec = spec;
        _views = views;
        _catalogue = catalogue;
        _clock = clock;
        _publisher = new VersionPublisher(options, spec, store, registry);
    }

    /// <summary>Runs the whole loop once.</summary>
    /// <param name="snapshot">The lake at one moment.</param>
    /// <param name="request">What started it, and the champion to beat.</param>
    /// <param name="progress">Receives steps and their shares, or null.</param>
    /// <param name="cancellationToken">Stops it; nothing is registered then.</param>
    /// <exception cref="Faults.TandemException">TRN001 to TRN005: the data cannot be trained on as the file
    /// says; TRN007: the training set knows what it is to predict.</exception>
    public async Task<TrainingRun> RunAsync(
        LakeSnapshot snapshot, TrainingRequest request, IProgress<(string Step, double Share)>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(request);
        DateTimeOffset started = _clock.GetUtcNow();
        if (_spec.IsPredicted)
        {
            return await RunOutcomesAsync(snapshot, request, started, progress, cancellationToken).ConfigureAwait(false);
        }

        long stamp = Stopwatch.GetTimestamp();
        (LabelledSet? set, IReadOnlyList<LeakFinding> leaks) = await DemandSetAsync(
            snapshot, null, progress, cancellationToken).ConfigureAwait(false);
        (TrainingData data, List<Contender> contenders, EvaluationResult result, SearchReport? search) =
            await Task.Run(
                () => JudgeAsync(snapshot, request, started, progress, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
        Contender best = contenders.Where(static contender => contender.IsCandidate)
            .MaxBy(contender => contender.Evaluation.Metrics.GetValueOrDefault(_spec.Evaluation.Gate.Metric))!;
        Contender? baseline = contenders.Find(contender =>
            contender.Kind.Name == _spec.Evaluation.Gate.Beats && contender.Name != best.Name);
        using ChampionScorer? champion = request.Champion is null
            ? null
            : await ChampionScorer.CreateAsync(snapshot, _spec, request.Champion, data, cancellationToken)
                .ConfigureAwait(false);
        RankOutcome? rank = await RankAsync(
            snapshot, set, data, started, best, baseline, request.Champion, champion, progress, cancellationToken)
            .ConfigureAwait(false);
        if (rank?.Report.IsKept == true)
        {
            result = result with { Models = [.. result.Models, Evaluation.Summarise(rank.Pipeline!, Options(), cancellationToken)] };
        }

        GateVerdict verdict = Decide(best, baseline, rank, request.Champion, champion, data, cancellationToken);
        ModelVersion version = await _publisher.PublishAsync(
            snapshot, data, best, rank, result, request, set?.Set,
            Context(progress, $"fit {best.Name} on everything"), cancellationToken).ConfigureAwait(false);
        if (verdict.IsPromoted)
        {
            await _publisher.PromoteAsync(version, request, verdict.Reason, cancellationToken).ConfigureAwait(false);
        }

        return new TrainingRun
        {
            Id = Guid.CreateVersion7(started).ToString("N"),
            Cause = request.Cause,
            Started = started,
            Seconds = Stopwatch.GetElapsedTime(stamp).TotalSeconds,
            Manifest = snapshot.Manifest.Number,
            TrainingSet = version.Lineage.TrainingSetHash,
            Rows = data.All.Count,
            Evaluation = result,
            Leaks = leaks,
            Best = best.Name,
            Start = best.StartWords,
            Search = search,
            Rank = rank?.Report,
            Verdict = verdict,
            Version = version.Number,
        };
    }

    /// <summary>Builds the training set of the newest impressions whose time for a label is over, and looks for leaks in
    /// it; saves nothing.</summary>
    /// <param name="snapshot">The lake at one moment.</param>
    /// <param name="request">Which impressions; null for those of the newest day.</param>
    /// <param name="progress">Receives the finished share, or null.</param>
    /// <param name="earlier">Where columns may be taken over from; null computes all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The set, and what was found; null and nothing where there are no such impressions or no
    /// features.</returns>
    public async Task<(LabelledSet? Set, IReadOnlyList<LeakFinding> Leaks)> BuildSetAsync(
        LakeSnapshot snapshot, LabelledSetRequest? request = null, IProgress<double>? progress = null,
        EarlierSets? earlier = null, CancellationToken cancellationToken = default)
    {
        if (_spec.Objective.Label.Impression is not { } impression || !_spec.Sources[impression].HasTimes
            || _views.Count == 0)
        {
            return (null, []);
        }

        FeatureSet features = LabelledSet.FeaturesOf(_spec, _views);
        LabelledSet? set = await LabelledSet.BuildAsync(
            snapshot, _spec, features, request ?? NewestDay(), progress, earlier, cancellationToken).ConfigureAwait(false);
        return (set, set is null ? [] : LeakCheck.Find(set, features, _spec.Training.MostAlone));
    }

    /// <summary>Builds a training set for a run; throws where it knows what it is to predict.</summary>
    private async Task<(LabelledSet? Set, IReadOnlyList<LeakFinding> Leaks)> DemandSetAsync(
        LakeSnapshot snapshot, LabelledSetRequest? request, IProgress<(string Step, double Share)>? progress,
        CancellationToken cancellationToken)
    {
        const string Step = "build the training set";
        (LabelledSet? set, IReadOnlyList<LeakFinding> leaks) = await BuildSetAsync(
            snapshot, request, Context(progress, Step).Progress, null, cancellationToken).ConfigureAwait(false);
        progress?.Report((Step, 1));
        return leaks.Any(static leak => leak.IsError) ? throw TrainingErrors.Leaks(leaks) : (set, leaks);
    }

    /// <summary>Fits and judges all models, registering nothing.</summary>
    /// <param name="snapshot">The lake at one moment.</param>
    /// <param name="progress">Receives steps and their shares, or null.</param>
    /// <param name="sampledItems">Items drawn for each user to rank the right ones among; 0 ranks all.</param>
    /// <param name="references">Scorers to judge beside the models.</param>
    /// <param name="updateShare">Share of the training rows, the newest, with which models that can go on from what they were
    /// fitted to without them, beside those fitted on all; 0 for none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Faults.TandemException">TRN001 to TRN005.</exception>
    public async Task<EvaluationResult> EvaluateAsync(
        LakeSnapshot snapshot, IProgress<(string Step, double Share)>? progress = null, int sampledItems = 0,
        IReadOnlyList<ReferenceScorer>? references = null, double updateShare = 0,
        CancellationToken cancellationToken = default)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        if (_spec.IsPredicted)
        {
            OutcomeTrial trial = (await TryOutcomesAsync(snapshot, champion: null, now, progress, cancellationToken)
                .ConfigureAwait(false)).Trial;
            return trial.Result with { Searches = trial.Search is null ? null : [trial.Search] };
        }

        TrainingRequest request = new()
        {
            SampledItems = sampledItems,
            References = references ?? [],
            UpdateShare = updateShare,
        };
        (_, _, EvaluationResult result, SearchReport? search) = await Task.Run(
            () => JudgeAsync(snapshot, request, now, progress, cancellationToken), cancellationToken).ConfigureAwait(false);
        return result with { Searches = search is null ? null : [search] };
    }

    private LabelledSetRequest NewestDay()
    {
        DateTimeOffset now = _clock.GetUtcNow();
        DateTimeOffset mature = now - _spec.Objective.Label.Window;
        return new LabelledSetRequest { From = mature.AddDays(-1), To = mature, AsOf = now };
    }

    private async Task<(TrainingData Data, List<Contender> Contenders, EvaluationResult Result, SearchReport? Search)>
        JudgeAsync(
            LakeSnapshot snapshot, TrainingRequest request, DateTimeOffset now,
            IProgress<(string Step, double Share)>? progress, CancellationToken cancellationToken)
    {
        progress?.Report(("read interactions from the lake", 0));
        bool readsItems = RetrievalFeatures.AreRead(_spec, _catalogue, _views, RetrievalFeatures.ItemOf(_spec));
        var data = TrainingData.Read(snapshot, _spec, now, readsItems, cancellationToken);
        progress?.Report(("read interactions from the lake", 1));
        if (readsItems || RetrievalFeatures.AreRead(_spec, _catalogue, _views, RetrievalFeatures.UserOf(_spec)))
        {
            progress?.Report(("read the features of users and items", 0));
            data = await data.WithFeaturesAsync(
                new RetrievalFeatures(snapshot, _spec, _views, _options.Folder, data.Users, data.Items), _spec, now,
                cancellationToken).ConfigureAwait(false);
            progress?.Report(("read the features of users and items", 1));
        }

        (List<(ModelChoiceSpec, bool, string?)> choices, SearchReport? search) =
            await ChooseAsync(data, progress, cancellationToken).ConfigureAwait(false);
        EvaluationOptions options = Options() with { SampledItems = request.SampledItems };
        List<Contender> contenders = [];
        foreach ((ModelChoiceSpec choice, bool isCandidate, string? name) in choices)
        {
            string own = name ?? ContenderName.Next(choice.Kind, contenders.Select(static each => each.Name));
            contenders.Add(
                Fit(choice, isCandidate, own, request.Champion, data, options, progress, cancellationToken));
        }

        List<ModelEvaluation> figures = [.. contenders.Select(static contender => contender.Evaluation)];
        if (request.UpdateShare > 0)
        {
            figures.AddRange(JudgeUpdates(
                [.. choices.Select(static each => each.Item1).Zip(contenders)], request.UpdateShare, data, options, progress,
                cancellationToken));
        }

        foreach (ReferenceScorer reference in request.References)
        {
            progress?.Report(($"judge {reference.Name}", 0));
            IItemScorer scorer = reference.Create(data.Users, data.Items, data.TestStart);
            figures.Add(Summarise(
                Evaluation.Judge(reference.Name, scorer, data.Split, options, cancellationToken),
                JudgeShown(reference.Name, scorer, data, cancellationToken), cancellationToken));
            (scorer as IDisposable)?.Dispose();
            progress?.Report(($"judge {reference.Name}", 1));
        }

        string metric = _spec.Evaluation.Gate.Metric;
        EvaluationResult result = new(Evaluation.Describe(data.Split, options, _spec.Objective.Task), figures)
        {
            Differences = Evaluation.CompareWithBest(
                [.. contenders.Select(each => each.By(metric))], metric, options, cancellationToken),
        };
        return (data, contenders, result, search);
    }

    private async Task<RankOutcome?> RankAsync(
        LakeSnapshot snapshot, LabelledSet? set, TrainingData data, DateTimeOffset now, Contender best,
        Contender? baseline, Champion? champion, ChampionScorer? scorer, IProgress<(string Step, double Share)>? progress,
        CancellationToken cancellationToken)
    {
        if (_spec.Model.Rank is not { } choice)
        {
            return null;
        }

        string step = $"fit {choice.Kind} on features";
        progress?.Report((step, 0));
        RankReference? reference = scorer is not null
            ? new RankReference("champion", scorer, champion!.Rank)
            : baseline is null ? null : new RankReference(baseline.Name, baseline.Scorer, null);
        RankTrainer trainer = new(
            _spec, _options.Folder, _views, _catalogue, Options(), Context(progress, step));
        RankOutcome outcome = await Task.Run(
            () => trainer.RunAsync(
                snapshot, set, LabelledSet.FeaturesOf(_spec, _views), data, now, best, reference, cancellationToken),
            cancellationToken).ConfigureAwait(false);
        progress?.Report((step, 1));
        return outcome;
    }

    /// <summary>What is fitted and judged: baselines; then the model of the file and its rivals, or, where a rival gives
    /// ranges, what a search brought to its last round, of which the picked one alone may be registered.</summary>
    private async Task<(List<(ModelChoiceSpec Choice, bool IsCandidate, string? Name)> Choices, SearchReport? Report)>
        ChooseAsync(
            TrainingData data, IProgress<(string Step, double Share)>? progress, CancellationToken cancellationToken)
    {
        List<(ModelChoiceSpec Choice, bool IsCandidate, string? Name)> choices =
            [.. Choices().Select(static each => (each.Choice, each.IsCandidate, (string?)null))];
        if (!ModelSearch.IsNeeded(_spec))
        {
            return (choices, null);
        }

        RetrievalGround ground = new(
            _spec, Options(), (choice, rows, step) => Fit(choice, rows, Context(progress, step), cancellationToken),
            data.Split.Train);
        (SearchReport report, IReadOnlyList<(string Name, ModelChoiceSpec Choice)> finalists) = await Search(_options.CodeVersion)
            .RunAsync([_spec.Model.Retrieve, .. _spec.Training.Candidates], ground, cancellationToken).ConfigureAwait(false);
        choices.RemoveAll(static each => each.IsCandidate);
        choices.AddRange(finalists.Select(each => (each.Choice, each.Name == report.Picked, (string?)each.Name)));
        return (choices, report);
    }

    private ModelSearch Search(string version) =>
        new(_spec.Training.Search, _spec.Training.Seed, _options.Searches, version, _clock);

    private IItemScorer Fit(
        ModelChoiceSpec choice, Interactions rows, FitContext context, CancellationToken cancellationToken)
    {
        ModelKind kind = _catalogue.Find(choice.Kind);
        return kind.NeedsTimes && !rows.HasTimes
            ? throw TrainingErrors.NeedsTimes(kind.Name, _spec.Objective.Label.Event)
            : kind.Fit(rows, choice.Parameters, context, cancellationToken);
    }

    private Contender Fit(
        ModelChoiceSpec choice, bool isCandidate, string name, Champion? champion, TrainingData data,
        EvaluationOptions options, IProgress<(string Step, double Share)>? progress, CancellationToken cancellationToken)
    {
        long stamp = Stopwatch.GetTimestamp();
        (WarmStart? start, string? startWords) = isCandidate ? StartOf(choice, champion, data) : (null, null);
        IItemScorer scorer = Fit(
            choice, data.Split.Train, Context(progress, $"fit {name}") with { WarmStart = start }, cancellationToken);
        progress?.Report(($"fit {name}", 1));
        progress?.Report(($"judge {name}", 0));
        Judgement judgement = Evaluation.Judge(name, scorer, data.Split, options, cancellationToken);
        double seconds = Stopwatch.GetElapsedTime(stamp).TotalSeconds;
        Judgement? shown = JudgeShown(name, scorer, data, cancellationToken);
        ModelEvaluation evaluation = Summarise(judgement, shown, cancellationToken);
        progress?.Report(($"judge {name}", 1));
        return new Contender(
            name, _catalogue.Find(choice.Kind), choice.Parameters, isCandidate, judgement, shown, evaluation with { Seconds = seconds })
        {
            Scorer = scorer,
            Start = start,
            StartWords = startWords,
        };
    }

    /// <summary>Baselines first, then the model of the file and its rivals; a kind that is both is a
    /// candidate.</summary>
    private IEnumerable<(ModelChoiceSpec Choice, bool IsCandidate)> Choices()
    {
        ModelChoiceSpec[] candidates = [_spec.Model.Retrieve, .. _spec.Training.Candidates];
        foreach (string baseline in _spec.Evaluation.Baselines)
        {
            if (!candidates.Any(candidate => candidate.Kind == baseline && HasDefaults(candidate)))
            {
                yield return (new ModelChoiceSpec { Kind = baseline }, false);
            }
        }

        foreach (ModelChoiceSpec candidate in candidates)
        {
            yield return (candidate, true);
        }
    }

    private bool HasDefaults(ModelChoiceSpec choice) => _catalogue.Find(choice.Kind).Parameters.All(
        parameter => choice.Parameters.GetValueOrDefault(parameter.Name, parameter.Default).Equals(parameter.Default));

    private EvaluationOptions Options() => new()
    {
        Metrics =
        [
            .. _spec.Evaluation.Metrics.Append(_spec.Evaluation.Gate.Metric).Distinct(StringComparer.Ordinal)
                .Where(static metric => metric != Evaluation.ShownAuc),
        ],
        BootstrapSamples = _spec.Evaluation.BootstrapSamples,
        Seed = _spec.Training.Seed,
        ThreadCount = _options.ThreadsNow,
    };

    private FitContext Context(IProgress<(string Step, double Share)>? progress, string step) => new()
    {
        Seed = _spec.Training.Seed,
        ThreadCount = _options.ThreadsNow,
        Progress = progress is null ? null : new StepShare(progress, step),
    };

    private sealed class StepShare(IProgress<(string Step, double Share)> progress, string step) : IProgress<double>
    {
        public void Report(double value) => progress.Report((step, Math.Min(value, 0.999)));
    }
}
