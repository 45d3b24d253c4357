using System.Globalization;
using Tandem.Faults;
using Tandem.Learning.Ranking;
using Tandem.Learning.Rows;

namespace Tandem.Learning;

/// <summary>Judges row scorers by their scores and what became of the rows.</summary>
/// <remarks>Formulas: <c>docs/judging-rows.md</c>. The same figures for any thread count.</remarks>
public static class RowEvaluation
{
    /// <summary>Every metric that there is.</summary>
    public static IReadOnlyList<RowMetric> Metrics => RowMetrics.All;

    /// <summary>The metrics that labels of a target are judged by where nobody asks for others; the first is what models
    /// are compared by.</summary>
    /// <param name="target">What labels say.</param>
    public static IReadOnlyList<string> MetricsOf(RowTargetKind target) => target switch
    {
        RowTargetKind.Binary or RowTargetKind.Multilabel =>
            ["log_loss", "roc_auc", "pr_auc", "normalised_entropy", "brier", "ece"],
        RowTargetKind.Multiclass => ["log_loss", "accuracy", "f1"],
        RowTargetKind.Number => ["rmse", "mae", "r2"],
        RowTargetKind.Count => ["poisson_deviance", "mae", "rmse"],
        RowTargetKind.Quantile => ["pinball_loss", "coverage"],
        _ => ["ndcg@10", "ndcg@5", "ndcg@1", "map", "mrr"],
    };

    /// <summary>The metric that a name such as <c>precision@100</c> means.</summary>
    /// <param name="name">The name.</param>
    /// <param name="target">What labels say.</param>
    /// <exception cref="TandemException">LRN019: there is none.</exception>
    public static RowMetric Find(string name, RowTargetKind target) => RowMetrics.Find(name, target);

    /// <summary>One figure of all rows; NaN where they do not define it, such as an area under the curve of one
    /// class.</summary>
    /// <param name="scores">Scores and labels.</param>
    /// <param name="metric">Name of the metric.</param>
    /// <exception cref="TandemException">LRN019: unknown metric.</exception>
    public static double Measure(RowScores scores, string metric)
    {
        JudgedRows rows = new(scores, new EvaluationOptions().Threshold);
        return Once(rows, RowMetrics.Bind(metric, rows));
    }

    /// <summary>Judges one model: all its figures, with intervals.</summary>
    /// <param name="name">Name of the model in the result.</param>
    /// <param name="scores">Its scores of rows that it did not see.</param>
    /// <param name="options">What to measure.</param>
    /// <param name="slices">Parts of the rows to measure, too; those without a row are left out.</param>
    /// <param name="cancellationToken">Stops between resamples.</param>
    /// <exception cref="TandemException">LRN019: unknown metric.</exception>
    /// <remarks>Figures that the rows do not define are left out.</remarks>
    public static ModelEvaluation Run(
        string name, RowScores scores, EvaluationOptions options, IReadOnlyList<RowSlice>? slices = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(options);
        (Dictionary<string, double> metrics, Dictionary<string, double[]> intervals) =
            Figures(scores, options, cancellationToken);
        List<SliceEvaluation> parts = [];
        foreach (RowSlice slice in (slices ?? []).Where(static slice => slice.Rows.Length > 0))
        {
            RowScores own = scores.Take(slice.Rows);
            (Dictionary<string, double> figures, Dictionary<string, double[]> ends) =
                Figures(own, options, cancellationToken);
            parts.Add(new SliceEvaluation(slice.Name, new RowUnits(own).Count, figures) { Intervals = ends });
        }

        return new ModelEvaluation(name, metrics, intervals, Seconds: 0)
        {
            Slices = parts.Count == 0 ? null : parts,
            Reliability = scores.Target.Kind == RowTargetKind.Binary ? Reliability(scores) : null,
        };
    }

    /// <summary>Compares two models on the same rows: the same resamples for both.</summary>
    /// <param name="champion">Scores of the model to beat.</param>
    /// <param name="challenger">Scores of the other, of the same rows.</param>
    /// <param name="metric">Name of the metric.</param>
    /// <param name="options">Resamples, at least 1, seed and threads.</param>
    /// <param name="cancellationToken">Stops between resamples.</param>
    /// <exception cref="TandemException">LRN019: unknown metric.</exception>
    /// <exception cref="ArgumentException">The rows are others, or there are no resamples.</exception>
    public static MetricComparison Compare(
        RowScores champion, RowScores challenger, string metric, EvaluationOptions options,
        CancellationToken cancellationToken = default)
    {
        if (!champion.Labels.AsSpan().SequenceEqual(challenger.Labels)
            || !champion.Groups.AsSpan().SequenceEqual(challenger.Groups))
        {
            throw new ArgumentException("The two models were judged on different rows.", nameof(challenger));
        }

        JudgedRows first = new(champion, options.Threshold);
        JudgedRows second = new(challenger, options.Threshold);
        RowStatistic firstFigure = RowMetrics.Bind(metric, first);
        RowStatistic secondFigure = RowMetrics.Bind(metric, second);
        RowUnits units = new(champion);
        return Bootstrap.Compare(
            metric, units.Count, options,
            () => new PairedDifference(
                new ResampledRows(first, units, firstFigure), new ResampledRows(second, units, secondFigure)),
            cancellationToken, units.Strata) with
        {
            LowerIsBetter = Find(metric, champion.Target.Kind).LowerIsBetter,
        };
    }

    /// <summary>Compares the best of several models with each other one, on the same rows.</summary>
    /// <param name="models">Names and scores.</param>
    /// <param name="metric">Name of the metric; the first of the best figures is the best.</param>
    /// <param name="options">Resamples, seed and threads; without resamples nothing is compared.</param>
    /// <param name="cancellationToken">Stops between resamples.</param>
    /// <returns>The best less each other, in the order of the models.</returns>
    /// <exception cref="TandemException">LRN019: unknown metric.</exception>
    public static IReadOnlyList<ModelDifference> CompareWithBest(
        IReadOnlyList<(string Name, RowScores Scores)> models, string metric, EvaluationOptions options,
        CancellationToken cancellationToken = default)
    {
        if (options.BootstrapSamples == 0 || models.Count < 2)
        {
            return [];
        }

        double sign = Find(metric, models[0].Scores.Target.Kind).LowerIsBetter ? -1 : 1;
        (string best, RowScores bestScores) = models.MaxBy(model => sign * Measure(model.Scores, metric));
        List<ModelDifference> differences = [];
        foreach ((string other, RowScores scores) in models.Where(model => !ReferenceEquals(model.Scores, bestScores)))
        {
            MetricComparison found = Compare(scores, bestScores, metric, options, cancellationToken);
            differences.Add(new ModelDifference(best, other, metric, found.Difference, found.Low, found.High));
        }

        return differences;
    }

    /// <summary>Says how models are judged on rows.</summary>
    /// <param name="scores">Scores of one of them.</param>
    /// <param name="split">How the rows were chosen, such as <c>time</c> or <c>files</c>.</param>
    /// <param name="task">Task, such as <c>binary</c>.</param>
    /// <param name="trainRows">Rows that the models saw.</param>
    /// <param name="options">Resamples and seed.</param>
    public static EvaluationProtocol Describe(
        RowScores scores, string split, string task, long trainRows, EvaluationOptions options)
    {
        RowUnits units = new(scores);
        string drawn = units.GroupCount > 0 ? "groups" : units.Strata.Length > 0 ? "rows of each class" : "rows";
        string interval = options.BootstrapSamples == 0
            ? "none"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"95 % percentile bootstrap over {drawn}, {options.BootstrapSamples} resamples");
        string ties = scores.Target.Kind == RowTargetKind.Order ? "order of the rows" : "none broken";
        return new EvaluationProtocol(
            task, split, "rows", ties, options.Seed, units.GroupCount, 0, trainRows, scores.Count, interval);
    }

    /// <summary>How probabilities compare with what happened.</summary>
    /// <param name="scores">Scores of binary rows.</param>
    /// <param name="binCount">Bins of as many rows each, ≥ 1; fewer where rows have one probability.</param>
    /// <returns>The bins, from the lowest.</returns>
    public static IReadOnlyList<ReliabilityBin> Reliability(RowScores scores, int binCount = CalibrationBins.Default)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(scores.Target.Kind, RowTargetKind.Binary, nameof(scores));
        return CalibrationBins.Describe(
            Array.ConvertAll(scores.Values, static score => LogOdds.ToProbability(score)),
            Array.ConvertAll(scores.Labels, static label => label > 0), binCount);
    }

    private static (Dictionary<string, double> Metrics, Dictionary<string, double[]> Intervals) Figures(
        RowScores scores, EvaluationOptions options, CancellationToken cancellationToken)
    {
        JudgedRows rows = new(scores, options.Threshold);
        RowStatistic[] statistics = [.. options.Metrics.Select(name => RowMetrics.Bind(name, rows))];
        Dictionary<string, double> metrics = new(StringComparer.Ordinal);
        Dictionary<string, double[]> intervals = new(StringComparer.Ordinal);
        RowUnits units = new(scores);
        double[][] resampled = options.BootstrapSamples == 0
            ? []
            : Bootstrap.Resample(
                units.Count, statistics.Length, options, () => new ResampledRows(rows, units, statistics),
                cancellationToken, units.Strata);
        for (int i = 0; i < statistics.Length; i++)
        {
            double figure = Once(rows, statistics[i]);
            if (double.IsNaN(figure))
            {
                continue;
            }

            metrics[options.Metrics[i]] = figure;
            if (resampled.Length > 0 && Bootstrap.Interval(resampled[i]) is [double low, double high] && !double.IsNaN(low))
            {
                intervals[options.Metrics[i]] = [low, high];
            }
        }

        return (metrics, intervals);
    }

    internal static double Once(JudgedRows rows, RowStatistic statistic)
    {
        double[] weights = new double[rows.Scores.Count];
        for (int row = 0; row < weights.Length; row++)
        {
            weights[row] = rows.Scores.Weights.Length == 0 ? 1 : rows.Scores.Weights[row];
        }

        return statistic(weights);
    }
}
