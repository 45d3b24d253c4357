using Tandem.Learning.Rows;

namespace Tandem.Learning;

/// <summary>How intervals around predicted numbers did on rows that neither the model nor their margin was made from.</summary>
/// <param name="Method"><c>split_conformal</c> around one number, <c>conformalized_quantile_regression</c> around the lowest and
/// highest of several quantiles: see <see cref="ConformalMargin"/>.</param>
/// <param name="Level">Share of new rows that they are to hold.</param>
/// <param name="Coverage">Share of the rows that they held.</param>
/// <param name="Low">Lower end of the 95 % interval (Wilson's) of that share, as of rows that stand alone.</param>
/// <param name="High">Upper end.</param>
/// <param name="Width">Mean of upper less lower end, in the label's unit.</param>
/// <param name="Margin">Mean of what was added on both sides; below zero where the quantiles lay too far apart.</param>
public sealed record IntervalReport(
    string Method, double Level, double Coverage, double Low, double High, double Width, double Margin)
{
    /// <summary>Share of the rows between the model's own lowest and highest quantile; null of one number.</summary>
    public double? Before { get; init; }

    /// <summary>Judges intervals.</summary>
    /// <param name="parts">One or more margins, all of one level, and for each the scores of rows that it was not made from.</param>
    public static IntervalReport Of(IReadOnlyList<(ConformalMargin Margin, RowScores Judged)> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        int rows = 0;
        int held = 0;
        int before = 0;
        double width = 0;
        foreach ((ConformalMargin margin, RowScores judged) in parts)
        {
            int outputs = judged.Target.OutputCount;
            for (int row = 0; row < judged.Count; row++)
            {
                ReadOnlySpan<float> predicted = judged.Values.AsSpan(row * outputs, outputs);
                float y = judged.Labels[row];
                (double low, double high) = margin.Around(predicted[0], predicted[^1]);

                // Margins below zero may leave nothing between the ends.
                held += y >= low && y <= high ? 1 : 0;
                before += y >= predicted[0] && y <= predicted[^1] ? 1 : 0;
                width += Math.Max(0, high - low);
            }

            rows += judged.Count;
        }

        bool isOne = parts[0].Judged.Target.OutputCount == 1;
        double coverage = held / (double)rows;
        (double least, double most) = CalibrationBins.Wilson(coverage, rows);
        return new IntervalReport(
            isOne ? "split_conformal" : "conformalized_quantile_regression", parts[0].Margin.Level, coverage, least, most,
            width / rows, parts.Average(static part => part.Margin.Margin))
        {
            Before = isOne ? null : before / (double)rows,
        };
    }

    /// <summary>Means over several divisions of the same rows, of the ends of the interval too.</summary>
    /// <param name="divisions">A report a division.</param>
    public static IntervalReport Mean(IReadOnlyList<IntervalReport> divisions)
    {
        ArgumentNullException.ThrowIfNull(divisions);
        return divisions[0] with
        {
            Coverage = divisions.Average(static each => each.Coverage),
            Low = divisions.Average(static each => each.Low),
            High = divisions.Average(static each => each.High),
            Width = divisions.Average(static each => each.Width),
            Margin = divisions.Average(static each => each.Margin),
            Before = divisions.Average(static each => each.Before),
        };
    }
}
