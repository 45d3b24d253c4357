namespace Tandem.Learning;

/// <summary>How far predictions of numbers must be widened so that an interval holds the truth of so large a share of new
/// rows, whatever their distribution, as long as it is that of the rows it was made from.</summary>
/// <param name="Level">The share, above 0 and below 1.</param>
/// <param name="Margin">What is added to both sides; below zero where the model's own quantiles lie too far apart;
/// infinite where there are too few rows for the share.</param>
/// <param name="Rows">Rows that it was made from.</param>
/// <remarks>Split conformal: the ⌈(n + 1)·level⌉-th smallest of n errors. Papadopoulos and others, Inductive confidence
/// machines for regression, 2002; quantiles: Y. Romano, E. Patterson and E. Candès, Conformalized quantile regression,
/// 2019.</remarks>
public sealed record ConformalMargin(double Level, double Margin, int Rows)
{
    /// <summary>Makes a margin around predicted numbers, or around the lowest and highest of predicted quantiles.</summary>
    /// <param name="scores">Scores of rows that the model did not see, of numbers or quantiles.</param>
    /// <param name="level">Share of new rows to hold, above 0 and below 1.</param>
    /// <exception cref="ArgumentException">The scores are of something else.</exception>
    /// <remarks>O(rows log rows). Errors: |y − ŷ| of numbers, max(q_low − y, y − q_high) of quantiles. Weights count for
    /// nothing: the guarantee is of rows alike.</remarks>
    public static ConformalMargin Of(RowScores scores, double level)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(level, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(level, 1);
        RowScores.ThrowUnlessSound(scores);
        int width = scores.Target.Kind switch
        {
            RowTargetKind.Number => 1,
            RowTargetKind.Quantile => scores.Target.Quantiles.Count,
            _ => throw new ArgumentException("Only numbers and quantiles have intervals of this sort.", nameof(scores)),
        };
        double[] errors = new double[scores.Count];
        for (int row = 0; row < errors.Length; row++)
        {
            double y = scores.Labels[row];
            ReadOnlySpan<float> predicted = scores.Values.AsSpan(row * width, width);
            errors[row] = Math.Max(predicted[0] - y, y - predicted[^1]);
        }

        Array.Sort(errors);

        // Products such as 100 · 0.9 may come out a hair above the whole number that they are.
        int rank = (int)Math.Ceiling(((errors.Length + 1) * level) - 1e-9);
        return new ConformalMargin(
            level, rank <= errors.Length ? errors[rank - 1] : double.PositiveInfinity, errors.Length);
    }

    /// <summary>The interval around a prediction.</summary>
    /// <param name="low">The number predicted, or the lowest of the quantiles.</param>
    /// <param name="high">The number predicted, or the highest of the quantiles.</param>
    public (double Low, double High) Around(double low, double high) => (low - Margin, high + Margin);
}
