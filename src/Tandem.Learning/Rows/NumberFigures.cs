namespace Tandem.Learning.Rows;

/// <summary>Figures of predicted numbers, counts and quantiles.</summary>
internal static class NumberFigures
{
    public static RowStatistic AbsoluteError(RowScores scores) =>
        RowMean.Of(Each(scores, static (y, predicted) => Math.Abs(y - predicted)));

    public static RowStatistic RootSquaredError(RowScores scores)
    {
        RowStatistic mean = RowMean.Of(Each(scores, static (y, predicted) => (y - predicted) * (y - predicted)));
        return weights => Math.Sqrt(mean(weights));
    }

    /// <summary>Mean of |y − predicted| / |y| over the rows where y is not 0.</summary>
    public static RowStatistic RelativeError(RowScores scores)
    {
        int[] rows = [.. Enumerable.Range(0, scores.Count).Where(row => scores.Labels[row] != 0)];
        double[] values = Each(scores, static (y, predicted) => Math.Abs((y - predicted) / y));
        return RowMean.Of(Array.ConvertAll(rows, row => values[row]), rows);
    }

    /// <summary>1 − Σ(y − predicted)² / Σ(y − ȳ)²; undefined where all labels are equal.</summary>
    public static RowStatistic Determination(RowScores scores)
    {
        RowStatistic left = RowMean.Of(Each(scores, static (y, predicted) => (y - predicted) * (y - predicted)));

        // Around the mean of all rows: far from zero, squares would lose the digits that the variance is made of.
        double centre = scores.Count == 0 ? 0 : scores.Labels.Average(static label => (double)label);
        RowStatistic mean = RowMean.Of(Array.ConvertAll(scores.Labels, label => label - centre));
        RowStatistic square = RowMean.Of(Array.ConvertAll(scores.Labels, label => (label - centre) * (label - centre)));
        return weights =>
        {
            double off = mean(weights);
            double variance = square(weights) - (off * off);
            return variance > 0 ? 1 - (left(weights) / variance) : double.NaN;
        };
    }

    /// <summary>Mean of 2(y·ln(y/μ) − y + μ).</summary>
    public static RowStatistic PoissonDeviance(RowScores scores) => RowMean.Of(Each(
        scores,
        static (y, predicted) => 2 * ((y > 0 ? y * Math.Log(y / predicted) : 0) - y + predicted)));

    /// <summary>Mean over quantiles q and rows of max(q·(y − predicted), (q − 1)·(y − predicted)).</summary>
    public static RowStatistic PinballLoss(RowScores scores)
    {
        IReadOnlyList<double> quantiles = scores.Target.Quantiles;
        double[] losses = new double[scores.Count];
        for (int row = 0; row < losses.Length; row++)
        {
            for (int i = 0; i < quantiles.Count; i++)
            {
                double over = (double)scores.Labels[row] - scores.Values[(row * quantiles.Count) + i];
                losses[row] += Math.Max(quantiles[i] * over, (quantiles[i] - 1) * over) / quantiles.Count;
            }
        }

        return RowMean.Of(losses);
    }

    /// <summary>Share of labels from the lowest predicted quantile to the highest; of one quantile, at most it.</summary>
    public static RowStatistic Coverage(RowScores scores)
    {
        int width = scores.Target.Quantiles.Count;
        double[] isInside = new double[scores.Count];
        for (int row = 0; row < isInside.Length; row++)
        {
            ReadOnlySpan<float> quantiles = scores.Values.AsSpan(row * width, width);
            bool isHighEnough = width == 1 || scores.Labels[row] >= quantiles[0];
            isInside[row] = isHighEnough && scores.Labels[row] <= quantiles[^1] ? 1 : 0;
        }

        return RowMean.Of(isInside);
    }

    private static double[] Each(RowScores scores, Func<double, double, double> value)
    {
        bool isLogarithm = scores.Target.Kind == RowTargetKind.Count;
        double[] values = new double[scores.Count];
        for (int row = 0; row < values.Length; row++)
        {
            double score = scores.Values[row];
            values[row] = value(scores.Labels[row], isLogarithm ? Math.Exp(score) : score);
        }

        return values;
    }
}
