using Tandem.Faults;
using Tandem.Numerics;

namespace Tandem.Learning;

/// <summary>Checks rows of features before a trainer trusts them.</summary>
internal static class LabelledRowsCheck
{
    /// <summary>Throws unless the arrays fit together and hold finite numbers.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="takesMissing">True where NaN may stand for a missing value.</param>
    /// <exception cref="ArgumentException">They do not, or a value is not finite.</exception>
    /// <exception cref="TandemException">LRN047: a value is infinite, where NaN may stand for a missing one.</exception>
    public static void ThrowUnlessSound(this LabelledRows rows, bool takesMissing = false)
    {
        bool fits = rows.Starts.Length > 0 && rows.Labels.Length == rows.Count * rows.Target.LabelCount
            && (rows.Groups.Length == 0 || rows.Groups.Length == rows.Count)
            && (rows.Categories.Length == 0 || rows.Categories.Length == rows.DenseCount)
            && !rows.Categories.AsSpan().ContainsAnyInRange(int.MinValue, -1)
            && (rows.Directions.Length == 0 || rows.Directions.Length == rows.DenseCount)
            && !rows.Directions.AsSpan().ContainsAnyExceptInRange(-1, 1)
            && (rows.Fields.Length == 0 || rows.Fields.Length == rows.DenseCount + rows.SparseCount)
            && !rows.Fields.AsSpan().ContainsAnyInRange(int.MinValue, -1)
            && rows.Dense.LongLength == (long)rows.Count * rows.DenseCount
            && rows.Starts.Length == rows.Count + 1 && rows.Starts[0] == 0 && rows.Starts[^1] == rows.Columns.Length
            && rows.Columns.Length == rows.Values.Length
            && (rows.Weights.Length == 0 || rows.Weights.Length == rows.Count)
            && !rows.Columns.AsSpan().ContainsAnyExceptInRange(0, rows.SparseCount - 1);
        for (int row = 0; fits && row < rows.Count; row++)
        {
            fits = rows.Starts[row] <= rows.Starts[row + 1]
                && (rows.Weights.Length == 0 || (rows.Weights[row] > 0 && float.IsFinite(rows.Weights[row])));
        }

        if (!fits || !rows.Labels.All(rows.Target.Takes))
        {
            throw new ArgumentException(
                "The rows' arrays do not fit together, or a label is none of their target, or a weight is not above 0.",
                nameof(rows));
        }

        if (takesMissing)
        {
            ThrowIfInfinite(rows);
            return;
        }

        if (!Kernel.AllFinite(rows.Dense) || !Kernel.AllFinite(rows.Values))
        {
            throw new ArgumentException("A value is not finite: encode missing values first.", nameof(rows));
        }
    }

    // A model that takes values as they come is given what nobody has encoded: a fault of the data, not of the caller.
    private static void ThrowIfInfinite(LabelledRows rows)
    {
        int at = rows.Dense.AsSpan().IndexOfAny(float.PositiveInfinity, float.NegativeInfinity);
        if (at >= 0)
        {
            throw new TandemException(
                LearningErrors.NotFinite(at / rows.DenseCount, at % rows.DenseCount, rows.Dense[at]));
        }

        at = Array.FindIndex(rows.Values, static value => !float.IsFinite(value));
        if (at >= 0)
        {
            int row = Array.FindLastIndex(rows.Starts, start => start <= at);
            throw new TandemException(
                LearningErrors.NotFinite(row, rows.DenseCount + rows.Columns[at], rows.Values[at]));
        }
    }
}
