using Tandem.Features.Evaluation;

namespace Tandem.Features;

/// <summary>One feature of a training set, in figures. Those of values are null where every row is null.</summary>
/// <param name="Name">Its name.</param>
/// <param name="NullRate">Share of rows where it is null, 0 to 1; 0 without rows.</param>
/// <param name="Mean">Mean of its values.</param>
/// <param name="Low">Value at rank 5 %: the smallest that at least 5 % of the values do not exceed.</param>
/// <param name="Median">Value at rank 50 %.</param>
/// <param name="High">Value at rank 95 %.</param>
public sealed record ColumnSummary(
    string Name, double NullRate, double? Mean, float? Low, float? Median, float? High)
{
    internal static ColumnSummary Of(string name, float[] column)
    {
        float[] values = Array.FindAll(column, static value => !float.IsNaN(value));
        if (values.Length == 0)
        {
            return new ColumnSummary(name, column.Length == 0 ? 0 : 1, null, null, null, null);
        }

        Array.Sort(values);
        return new ColumnSummary(
            name, 1 - (values.Length / (double)column.Length), values.Average(static value => (double)value),
            AtRank(0.05), AtRank(0.5), AtRank(0.95));

        float AtRank(double share) => values[(int)QuantileSketch.Rank(share, values.Length)];
    }
}
