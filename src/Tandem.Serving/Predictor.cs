using System.Collections.Concurrent;
using System.Diagnostics;
using Tandem.Learning;
using Tandem.Serving.Pipeline;
using Tandem.Spec;

namespace Tandem.Serving;

/// <summary>Answers requests: each runs through a fixed list of stages over one pooled context.</summary>
/// <remarks>Thread safe. The model is swapped between two requests: one in flight ends with the model it began with. In
/// steady state a request allocates its answer and nothing else.</remarks>
public sealed class Predictor : IDisposable
{
    private const int MaximumCount = 1000;
    private const int MaximumHistory = 1000;
    private const int MaximumFilters = 16;
    private const int MaximumFilterValues = 64;

    private readonly ConcurrentBag<RequestContext> _contexts = [];
    private readonly ServingOptions _options;
    private readonly ItemCatalogue _catalogue;
    private readonly TimeProvider _clock;
    private readonly FilterStage _filter;
    private readonly IStage[] _stages;
    private readonly Lock _swapping = new();
    private volatile LiveModel? _live;
    private IndexFeed? _feed;

    /// <summary>Makes a predictor without a model.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="rules">Business rules, in order.</param>
    /// <param name="catalogue">The items as they are now.</param>
    /// <param name="activity">What users did.</param>
    /// <param name="clock">Tells the time.</param>
    public Predictor(
        ServingOptions options, IReadOnlyList<RuleSpec> rules, ItemCatalogue catalogue, UserActivity activity,
        TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _catalogue = catalogue;
        _clock = clock;
        _filter = new FilterStage(catalogue);
        _stages =
        [
            new IdentifyStage(activity, options.ExcludeSeen),
            new ScoreStage(),
            _filter,
            new SelectStage(options.CandidateCount, Audit),
            new RankStage(),
            new RuleStage(catalogue, rules),
            new FillStage(_filter),
            new ExploreStage(options.Exploration, options.Seed, _filter),
        ];
    }

    /// <summary>The model that answers, or null before the first.</summary>
    public ServedModel? Model => _live?.Served;

    /// <summary>Counts and times the answers.</summary>
    public ServingMeter Meter { get; } = new();

    /// <summary>Measures what share of the true best the index finds, on a sample of the requests.</summary>
    public RecallAudit Audit { get; } = new();

    /// <summary>Warms a model up, tests it, and lets it answer from the next request on.</summary>
    /// <param name="model">The new model.</param>
    /// <exception cref="Tandem.Faults.TandemException">SRV006: it gave a score that is not a number; the one before
    /// goes on.</exception>
    public void Swap(ServedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        float[] scores = new float[model.Items.Count];
        int[] history = new int[Math.Min(3, scores.Length)];
        for (int i = 0; i < history.Length; i++)
        {
            history[i] = i * (scores.Length / history.Length);
        }

        SelfTest(model, model.Scorer, history, scores);
        SelfTest(model, model.Fallback, history, scores);
        lock (_swapping)
        {
            LiveModel live = new LiveModel(model, _catalogue).TakeIn(_catalogue.WithRow(), _catalogue, _clock.GetUtcNow());
            _feed?.Dispose();
            _feed = model is { Index: { } index, Scorer: IVectorScorer vectors } ? new IndexFeed(index, vectors) : null;
            Audit.Reset();
            Answer(live);
        }
    }

    /// <summary>Takes in the items whose row came or changed since the model was fitted, where it can place them by what is known
    /// of them: from the next request on they are among its items.</summary>
    /// <remarks>Requests wait for nothing. O(items) copied, and the vectors of the new ones. An index gets them in the background;
    /// until then they are scored beside it.</remarks>
    public void TakeInItems()
    {
        int[] changed = _catalogue.TakeChanged();
        if (changed.Length == 0)
        {
            return;
        }

        lock (_swapping)
        {
            if (_live is { } live)
            {
                Answer(live.TakeIn(changed, _catalogue, _clock.GetUtcNow()));
            }
        }
    }

    /// <summary>Ends what works behind the requests' back.</summary>
    public void Dispose()
    {
        lock (_swapping)
        {
            _feed?.Dispose();
            _feed = null;
        }
    }

    /// <summary>Answers which items to show.</summary>
    /// <param name="request">The question.</param>
    /// <exception cref="Tandem.Faults.TandemException">SRV001: no model yet; SRV003 to SRV005: the request is
    /// wrong.</exception>
    public RecommendResponse Recommend(RecommendRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        int count = Validate(request);
        LiveModel live = _live ?? throw ServingErrors.NoModel();
        long started = Stopwatch.GetTimestamp();
        RequestContext context = _contexts.TryTake(out RequestContext? pooled) ? pooled : new RequestContext();
        try
        {
            DateTimeOffset now = _clock.GetUtcNow();
            context.Begin(request, live, now, count, _options.HistoryLength);
            List<StageTrace>? trace = request.Trace ? new(_stages.Length) : null;
            RunStages(context, trace);
            RecommendedItem[] items = Answer(context, isShown: true);
            bool isFallback = items.Any(static item => item.Source == "fallback");
            Meter.Count(Stopwatch.GetElapsedTime(started), isFallback);
            return new RecommendResponse(Guid.CreateVersion7(now).ToString("N"), live.Served.Version, items, trace)
            {
                Values = ValuesOf(context),
            };
        }
        finally
        {
            _contexts.Add(context);
        }
    }

    /// <summary>Answers which items are like an item.</summary>
    /// <param name="itemId">Item id.</param>
    /// <param name="count">How many, 1 to 1000.</param>
    /// <exception cref="Tandem.Faults.TandemException">SRV001: no model yet; SRV002: unknown item; SRV003: bad
    /// count.</exception>
    public SimilarResponse Similar(string itemId, int count)
    {
        CheckCount(count);
        LiveModel live = _live ?? throw ServingErrors.NoModel();
        ServedModel model = live.Served;
        int item = model.Items.Find(itemId);
        if (item < 0)
        {
            throw ServingErrors.UnknownItem(itemId);
        }

        RequestContext context = _contexts.TryTake(out RequestContext? pooled) ? pooled : new RequestContext();
        try
        {
            context.Begin(new RecommendRequest(), live, _clock.GetUtcNow(), count, _options.HistoryLength);
            model.Scorer.ScoreSimilar(item, context.Scores);
            _filter.StrikeDeleted(context, context.Scores);
            context.AddBest(count, CandidateSource.Model);
            return new SimilarResponse(itemId, model.Version, Answer(context, isShown: false));
        }
        finally
        {
            _contexts.Add(context);
        }
    }

    private void Answer(LiveModel live)
    {
        _feed?.Follow((IVectorScorer)live.Served.Scorer);
        _live = live;
    }

    private void RunStages(RequestContext context, List<StageTrace>? trace)
    {
        foreach (IStage stage in _stages)
        {
            if (trace is null)
            {
                stage.Run(context);
                continue;
            }

            long started = Stopwatch.GetTimestamp();
            context.Note = null;
            stage.Run(context);
            double microseconds = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
            trace.Add(new StageTrace(stage.Name, context.CandidateCount, microseconds, context.Note));
        }
    }

    private static RecommendedItem[] Answer(RequestContext context, bool isShown)
    {
        ReadOnlySpan<Candidate> candidates = context.Candidates;
        var items = new RecommendedItem[candidates.Length];
        for (int i = 0; i < items.Length; i++)
        {
            Candidate candidate = candidates[i];
            string source = candidate.Source switch
            {
                CandidateSource.Fallback => "fallback",
                CandidateSource.Exploration => "exploration",
                _ => context.Model.Scorer.Kind,
            };
            items[i] = new RecommendedItem(
                context.Model.Items.Text(candidate.Item), i + 1, candidate.Score, source,
                isShown ? candidate.Propensity : null);
        }

        return items;
    }

    /// <summary>Copies the vectors of what is shown out of the pooled context.</summary>
    private static ServedValues? ValuesOf(RequestContext context)
    {
        ReadOnlySpan<Candidate> shown = context.Candidates;
        if (context.Model.Ranker is not { } ranker || !IsAnyRanked(shown))
        {
            return null;
        }

        int width = ranker.Reader.Set.Count;
        float[] vectors = new float[shown.Length * width];
        bool[] isRead = new bool[shown.Length];
        for (int i = 0; i < shown.Length; i++)
        {
            isRead[i] = shown[i].Vector >= 0;
            if (isRead[i])
            {
                context.Ranking.Vector(shown[i].Vector, width).CopyTo(vectors.AsSpan(i * width, width));
            }
        }

        return new ServedValues(
            ranker.Reader, ranker.Store, context.Now, context.Ranking.SeenUntil, vectors, isRead);
    }

    private static bool IsAnyRanked(ReadOnlySpan<Candidate> candidates)
    {
        foreach (Candidate candidate in candidates)
        {
            if (candidate.Vector >= 0)
            {
                return true;
            }
        }

        return false;
    }

    private static void SelfTest(ServedModel model, IItemScorer scorer, int[] history, float[] scores)
    {
        ItemQuery query = new() { User = -1, History = history, HistoryIsNew = true };
        scorer.ScoreItems(in query, scores);
        foreach (float score in scores)
        {
            if (float.IsNaN(score))
            {
                throw ServingErrors.BadScore(model.Version, scorer.Kind);
            }
        }
    }

    private int Validate(RecommendRequest request)
    {
        if (request.History.Count > MaximumHistory)
        {
            throw ServingErrors.TooLong("The history", request.History.Count, MaximumHistory);
        }

        if (request.Filters.Count > MaximumFilters)
        {
            throw ServingErrors.TooLong("The filters", request.Filters.Count, MaximumFilters);
        }

        foreach ((string column, IReadOnlyList<string> values) in request.Filters)
        {
            if (values.Count > MaximumFilterValues)
            {
                throw ServingErrors.TooLong($"The filter of '{column}'", values.Count, MaximumFilterValues);
            }

            if (_catalogue.Find(column) is null)
            {
                throw ServingErrors.UnknownFilter(column, _catalogue.Columns);
            }
        }

        return CheckCount(request.Count ?? _options.Slots);
    }

    private static int CheckCount(int count) =>
        count is >= 1 and <= MaximumCount ? count : throw ServingErrors.BadCount(count);
}
