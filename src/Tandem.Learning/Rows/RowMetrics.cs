using System.Globalization;
using Tandem.Faults;

namespace Tandem.Learning.Rows;

/// <summary>The one table of the metrics of row scorers.</summary>
internal static class RowMetrics
{
    public const int MaximumCutoff = 9999;

    private static readonly RowTargetKind[] Chances = [RowTargetKind.Binary, RowTargetKind.Multilabel];
    private static readonly RowTargetKind[] Classes = [.. Chances, RowTargetKind.Multiclass];
    private static readonly RowTargetKind[] Means = [RowTargetKind.Number, RowTargetKind.Count];
    private static readonly RowTargetKind[] Quantiles = [RowTargetKind.Quantile];
    private static readonly RowTargetKind[] Orders = [RowTargetKind.Order];

    public static IReadOnlyList<RowMetric> All { get; } =
    [
        Column("pr_auc", "Area under precision against recall.", static (column, _) => column.AveragePrecision()),
        Column(
            "roc_auc", "Probability that a positive scores above a negative.", static (column, _) => column.AreaUnderCurve()),
        Column("auc", "roc_auc by its shorter name.", static (column, _) => column.AreaUnderCurve()),
        Column("average_precision", "pr_auc by its other name.", static (column, _) => column.AveragePrecision()),
        new(static (rows, _) => IsMulticlass(rows)
            ? ClassFigures.LogLoss(rows.Scores)
            : Heads(rows, static column => column.LogLoss()))
        {
            Name = "log_loss",
            Summary = "Mean negative log probability of what happened.",
            Targets = Classes,
            LowerIsBetter = true,
        },
        Column(
            "normalised_entropy", "Log loss over that of the base rate.",
            static (column, _) => column.NormalisedEntropy()) with { LowerIsBetter = true },
        Column(
            "brier", "Mean squared error of probabilities.",
            static (column, _) => column.Brier()) with { LowerIsBetter = true },
        CalibrationError("Expected calibration error."),
        CalibrationError("Expected calibration error over so many bins.") with { TakesCutoff = true },
        AtThreshold("accuracy", "Share of right answers.", static found => found.Accuracy) with
        {
            Bind = static (rows, _) => IsMulticlass(rows)
                ? ClassFigures.Accuracy(rows.Scores)
                : Heads(rows, column => column.AtThreshold(rows.Threshold, static found => found.Accuracy)),
        },
        AtThreshold("precision", "Share of predicted positives that are.", static found => found.Precision),
        AtThreshold("recall", "Share of positives that are predicted.", static found => found.Recall),
        AtThreshold("f1", "Harmonic mean of precision and recall.", static found => found.F1),
        AtThreshold(
            "g_mean", "Geometric mean of the shares of positives and of negatives that are predicted as such.",
            static found => found.GeometricMean) with { Targets = Chances },
        Column(
            "recall_at_precision", "Highest recall where precision is at least so many percent.",
            static (column, percent) => column.RecallAtPrecision(percent / 100.0)) with { TakesCutoff = true },
        Column(
            "precision", "Share of positives among so many rows of the highest scores.",
            static (column, k) => column.PrecisionAt(k)) with { TakesCutoff = true },
        Number("mae", "Mean absolute error.", NumberFigures.AbsoluteError),
        Number("rmse", "Root of the mean squared error.", NumberFigures.RootSquaredError),
        Number("mape", "Mean absolute error relative to the truth.", NumberFigures.RelativeError),
        Number("r2", "Share of variance explained.", NumberFigures.Determination) with
        {
            LowerIsBetter = false,
        },
        Number(
            "poisson_deviance", "Mean deviance of counts from their predicted means.",
            NumberFigures.PoissonDeviance) with { Targets = [RowTargetKind.Count] },
        Number("pinball_loss", "Mean loss of quantiles.", NumberFigures.PinballLoss) with
        {
            Targets = Quantiles,
        },
        Number(
            "coverage", "Share of truths from the lowest predicted quantile to the highest.",
            NumberFigures.Coverage) with { Targets = Quantiles, LowerIsBetter = false },
        Order("ndcg", "Discounted gain of the first rows of a group, relative to the best.", OrderFigures.Ndcg) with
        {
            TakesCutoff = true,
        },
        Order("mrr", "One over the rank of the first right row.", static (scores, _) => OrderFigures.Mrr(scores)),
        Order("map", "Mean average precision of groups.", OrderFigures.AveragePrecision),
        Order("map", "Mean average precision of the first rows of groups.", OrderFigures.AveragePrecision) with
        {
            TakesCutoff = true,
        },
    ];

    /// <summary>The metric that a name means, and the number after its @, or 0.</summary>
    public static bool TryParse(string name, RowTargetKind target, out RowMetric metric, out int cutoff)
    {
        int at = name.IndexOf('@', StringComparison.Ordinal);
        string plain = at < 0 ? name : name[..at];
        cutoff = 0;
        bool isWhole = at < 0 || (int.TryParse(
            name.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out cutoff)
                && cutoff is >= 1 and <= MaximumCutoff);
        RowMetric? found = isWhole
            ? All.FirstOrDefault(each =>
                each.Name == plain && each.TakesCutoff == at >= 0 && each.Targets.Contains(target))
            : null;
        metric = found!;
        return found is not null && (found.Name != "recall_at_precision" || cutoff <= 100);
    }

    public static RowMetric Find(string name, RowTargetKind target) =>
        TryParse(name, target, out RowMetric metric, out _)
            ? metric
            : throw new TandemException(LearningErrors.UnknownRowMetric(name, target, NamesFor(target)));

    public static RowStatistic Bind(string name, JudgedRows rows)
    {
        RowMetric metric = Find(name, rows.Scores.Target.Kind);
        _ = TryParse(name, rows.Scores.Target.Kind, out _, out int cutoff);
        return metric.Bind(rows, cutoff);
    }

    /// <summary>The names that there are for a target, with k for the number.</summary>
    private static IReadOnlyList<string> NamesFor(RowTargetKind target) =>
    [
        .. All.Where(each => each.Targets.Contains(target))
            .Select(static each => each.TakesCutoff ? $"{each.Name}@k" : each.Name),
    ];

    private static bool IsMulticlass(JudgedRows rows) => rows.Scores.Target.Kind == RowTargetKind.Multiclass;

    private static RowMetric Column(string name, string summary, Func<BinaryColumn, int, RowStatistic> bind) =>
        new((rows, cutoff) => Heads(rows, column => bind(column, cutoff)))
        {
            Name = name,
            Summary = summary,
            Targets = Chances,
        };

    private static RowMetric AtThreshold(string name, string summary, Func<Confusion, double> figure) =>
        new((rows, _) => IsMulticlass(rows)
            ? ClassFigures.MacroMean(rows.Scores, figure)
            : Heads(rows, column => column.AtThreshold(rows.Threshold, figure)))
        {
            Name = name,
            Summary = summary,
            Targets = Classes,
        };

    private static RowMetric CalibrationError(string summary) =>
        new(static (rows, bins) =>
        {
            int binCount = bins == 0 ? CalibrationBins.Default : bins;
            return IsMulticlass(rows)
                ? ClassFigures.CalibrationError(rows.Scores, binCount)
                : Heads(rows, column => column.CalibrationError(binCount));
        })
        {
            Name = "ece",
            Summary = summary,
            Targets = Classes,
            LowerIsBetter = true,
        };

    private static RowMetric Number(string name, string summary, Func<RowScores, RowStatistic> bind) =>
        new((rows, _) => bind(rows.Scores))
        {
            Name = name,
            Summary = summary,
            Targets = Means,
            LowerIsBetter = true,
        };

    private static RowMetric Order(string name, string summary, Func<RowScores, int, RowStatistic> bind) =>
        new((rows, cutoff) => bind(rows.Scores, cutoff))
        {
            Name = name,
            Summary = summary,
            Targets = Orders,
        };

    /// <summary>The mean over the heads that define the figure.</summary>
    private static RowStatistic Heads(JudgedRows rows, Func<BinaryColumn, RowStatistic> bind)
    {
        RowStatistic[] heads = Array.ConvertAll(rows.Columns, column => bind(column));
        return heads is [RowStatistic only] ? only : weights =>
        {
            double sum = 0;
            int count = 0;
            foreach (RowStatistic head in heads)
            {
                double figure = head(weights);
                sum += double.IsNaN(figure) ? 0 : figure;
                count += double.IsNaN(figure) ? 0 : 1;
            }

            return count > 0 ? sum / count : double.NaN;
        };
    }
}
