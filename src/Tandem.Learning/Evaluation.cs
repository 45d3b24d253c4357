using System.Globalization;
using Tandem.Faults;
using Tandem.Learning.Ranking;
using Tandem.Numerics;

namespace Tandem.Learning;

/// <summary>Judges item scorers by ranking all items outside each user's history; ties go to the lowest item
/// id.</summary>
/// <remarks>The figures and intervals are the same for any thread count. Formulas:
/// <c>docs/formats/evaluation.md</c>.</remarks>
public static partial class Evaluation
{
    private const int UsersPerChunk = 32;

    /// <summary>The names of metrics that there are, with <c>k</c> for a whole number from 1 to 1000.</summary>
    public static IReadOnlyList<string> MetricPatterns { get; } =
    [
        "recall@k", "ndcg@k", "hr@k", "mrr", "coverage@k", "novelty@k", "popularity_lift@k", "popularity_shift@k",
    ];

    /// <summary>True where a metric of this name exists.</summary>
    /// <param name="name">Name such as <c>ndcg@10</c>.</param>
    public static bool IsMetric(string name) => RankingMetric.TryParse(name, out _);

    /// <summary>Judges one model: all its figures, with intervals.</summary>
    /// <param name="name">Name of the model in the result.</param>
    /// <param name="model">A model fitted on the split's training rows.</param>
    /// <param name="split">The rows.</param>
    /// <param name="options">What to measure.</param>
    /// <param name="cancellationToken">Stops between chunks of users.</param>
    /// <exception cref="TandemException">LRN007: unknown metric. LRN008: nobody to judge.</exception>
    public static ModelEvaluation Run(
        string name, IItemScorer model, DataSplit split, EvaluationOptions options,
        CancellationToken cancellationToken = default) =>
        Summarise(Judge(name, model, split, options, cancellationToken), options, cancellationToken);

    /// <summary>Ranks all items for every user with test rows.</summary>
    /// <param name="name">Name of the model in the result.</param>
    /// <param name="model">A model fitted on the split's training rows.</param>
    /// <param name="split">The rows.</param>
    /// <param name="options">What to measure.</param>
    /// <param name="cancellationToken">Stops between chunks of users.</param>
    /// <exception cref="TandemException">LRN007: unknown metric. LRN008: nobody to judge.</exception>
    /// <exception cref="ArgumentException">The model knows another number of items than the split.</exception>
    public static Judgement Judge(
        string name, IItemScorer model, DataSplit split, EvaluationOptions options,
        CancellationToken cancellationToken = default)
    {
        if (model.ItemCount != split.Test.ItemCount)
        {
            throw new ArgumentException(
                $"The model knows {model.ItemCount} items and the split {split.Test.ItemCount}.", nameof(model));
        }

        RankingMetric[] metrics = [.. options.Metrics.Select(RankingMetric.Parse)];
        long started = options.Clock.GetTimestamp();
        JudgedUsers judged = JudgedUsersOf(split);
        ItemPopularity popularity = new(split.Train);
        int topLength = Math.Min(metrics.Select(metric => metric.K).DefaultIfEmpty(0).Max(), model.ItemCount);
        int listStride = Math.Min(
            metrics.Where(metric => metric.Measure == RankingMeasure.Coverage).Select(metric => metric.K)
                .DefaultIfEmpty(0).Max(),
            topLength);
        int[] lists = new int[judged.Users.Length * listStride];
        int[] listLengths = new int[judged.Users.Length];
        double[][] values = [.. metrics.Select(_ => new double[judged.Users.Length])];
        ParallelChunks.Run(
            judged.Users.Length,
            UsersPerChunk,
            options.ThreadCount,
            () => (Judge: new UserJudge(metrics, popularity, topLength, options),
                Scorer: new ChunkScorer(model, split, UsersPerChunk),
                Row: new double[metrics.Length]),
            (scratch, _, start, end) =>
            {
                scratch.Scorer.Start(judged.Users.AsSpan(start, end - start));
                for (int index = start; index < end; index++)
                {
                    ReadOnlySpan<int> top = scratch.Judge.Judge(
                        scratch.Scorer.Score(index - start), split.History.ItemsOf(judged.Users[index]),
                        judged.RightItems(index), judged.Users[index], scratch.Row);
                    listLengths[index] = Math.Min(listStride, top.Length);
                    top[..listLengths[index]].CopyTo(lists.AsSpan(index * listStride));
                    for (int i = 0; i < values.Length; i++)
                    {
                        values[i][index] = scratch.Row[i];
                    }
                }
            },
            cancellationToken);
        double seconds = options.Clock.GetElapsedTime(started).TotalSeconds;
        return new Judgement(
            name, model.ItemCount, judged.Users, metrics, values, lists, listLengths, listStride, seconds)
        {
            Slices = UserSlices.Of(split, judged),
        };
    }

    /// <summary>Condenses a judgement into figures and intervals.</summary>
    /// <param name="judgement">What the model did for each user.</param>
    /// <param name="options">Resamples and seed.</param>
    /// <param name="cancellationToken">Stops between resamples.</param>
    public static ModelEvaluation Summarise(
        Judgement judgement, EvaluationOptions options, CancellationToken cancellationToken = default)
    {
        int[] once = new int[judgement.Users.Count];
        Array.Fill(once, 1);
        double[] figures = new double[judgement.Metrics.Count];
        new ResampledMetrics(judgement).Compute(once, figures);
        Dictionary<string, double> metrics = new(StringComparer.Ordinal);
        Dictionary<string, double[]> intervals = new(StringComparer.Ordinal);
        for (int i = 0; i < figures.Length; i++)
        {
            metrics[judgement.Metrics[i].Name] = figures[i];
        }

        if (options.BootstrapSamples > 0)
        {
            double[][] resampled = Bootstrap.Resample(
                once.Length, figures.Length, options, () => new ResampledMetrics(judgement), cancellationToken);
            for (int i = 0; i < figures.Length; i++)
            {
                intervals[judgement.Metrics[i].Name] = judgement.Metrics[i].Measure == RankingMeasure.Coverage
                    ? Shift(Bootstrap.Interval(resampled[i]), figures[i] - resampled[i].Average())
                    : Bootstrap.Interval(resampled[i]);
            }
        }

        return new ModelEvaluation(judgement.Name, metrics, intervals, judgement.Seconds)
        {
            Slices = judgement.Slices.Count == 0 ? null : [.. judgement.Slices.Select(slice => slice.Measure(judgement))],
        };
    }

    /// <summary>Compares two models user by user: the same resamples of the same users for both.</summary>
    /// <param name="champion">The model to beat.</param>
    /// <param name="challenger">The model that wants its place, judged on the same split.</param>
    /// <param name="metric">A metric that both were judged by.</param>
    /// <param name="options">Resamples, at least 1, and seed.</param>
    /// <param name="cancellationToken">Stops between resamples.</param>
    /// <exception cref="TandemException">LRN007: they were not judged by this metric.</exception>
    /// <exception cref="ArgumentException">They were judged on different users, or there are no resamples.</exception>
    public static MetricComparison Compare(
        Judgement champion, Judgement challenger, string metric, EvaluationOptions options,
        CancellationToken cancellationToken = default)
    {
        if (!champion.Users.SequenceEqual(challenger.Users))
        {
            throw new ArgumentException("The two models were judged on different users.", nameof(challenger));
        }

        int first = champion.IndexOf(metric);
        int second = challenger.IndexOf(metric);
        return Bootstrap.Compare(
            metric, champion.Users.Count, options,
            () => new PairedDifference(
                new ResampledMetrics(champion, first), new ResampledMetrics(challenger, second)), cancellationToken);
    }

    /// <summary>Compares the best of several models with each other one, user by user.</summary>
    /// <param name="judgements">The models, judged on the same split by the same metric.</param>
    /// <param name="metric">A metric that all were judged by; the first of the highest figures is the best.</param>
    /// <param name="options">Resamples and seed; without resamples nothing is compared.</param>
    /// <param name="cancellationToken">Stops between resamples.</param>
    /// <returns>The best less each other, in the order of the models.</returns>
    /// <exception cref="TandemException">LRN007: they were not judged by this metric.</exception>
    public static IReadOnlyList<ModelDifference> CompareWithBest(
        IReadOnlyList<Judgement> judgements, string metric, EvaluationOptions options,
        CancellationToken cancellationToken = default)
    {
        if (options.BootstrapSamples == 0 || judgements.Count < 2)
        {
            return [];
        }

        double FigureOf(Judgement each) =>
            Summarise(each, options with { BootstrapSamples = 0 }, cancellationToken).Metrics
                .TryGetValue(metric, out double figure)
                ? figure
                : throw new TandemException(LearningErrors.UnknownMetric(metric));
        Judgement best = judgements.MaxBy(FigureOf)!;
        List<ModelDifference> differences = [];
        foreach (Judgement other in judgements.Where(each => !ReferenceEquals(each, best)))
        {
            MetricComparison found = Compare(other, best, metric, options, cancellationToken);
            differences.Add(new ModelDifference(
                best.Name, other.Name, metric, found.Difference, found.Low, found.High));
        }

        return differences;
    }

    /// <summary>Says how models are judged on a split.</summary>
    /// <param name="split">The rows.</param>
    /// <param name="options">Resamples and seed.</param>
    /// <param name="task">Task, such as <c>retrieval</c>.</param>
    /// <exception cref="TandemException">LRN008: nobody to judge.</exception>
    public static EvaluationProtocol Describe(DataSplit split, EvaluationOptions options, string task = "retrieval")
    {
        JudgedUsers judged = JudgedUsersOf(split);
        string interval = options.BootstrapSamples == 0
            ? "none"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"95 % percentile bootstrap over users, {options.BootstrapSamples} resamples");
        return new EvaluationProtocol(
            task, split.Name, options.SampledItems == 0
                ? "all items outside the training history"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"the right items and {options.SampledItems} drawn at random, which orders models wrongly"), "lowest item id first", options.Seed,
            judged.Users.Length, split.Test.ItemCount, split.Train.Count, judged.RowCount, interval);
    }

    private static JudgedUsers JudgedUsersOf(DataSplit split)
    {
        JudgedUsers judged = new(split);
        return judged.Users.Length > 0 ? judged : throw new TandemException(LearningErrors.NobodyToJudge(split.Name));
    }

    private static double[] Shift(double[] interval, double by) => [interval[0] + by, interval[1] + by];
}
