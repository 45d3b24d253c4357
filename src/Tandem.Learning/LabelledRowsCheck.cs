namespace Tandem.Learning;

/// <summary>Checks rows of features before a trainer trusts them.</summary>
internal static class LabelledRowsCheck
{
    /// <summary>Throws unless the arrays fit together and hold finite numbers.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="takesMissing">True where NaN may stand for a missing value.</param>
    public static void ThrowUnlessSound(this LabelledRows rows, bool takesMissing = false)
    {
        bool fits = rows.Starts.Length > 0 && rows.Labels.Length == rows.Count * rows.Target.LabelCount
            && (rows.Groups.Length == 0 || rows.Groups.Length == rows.Count)
            && (rows.Categories.Length == 0 || rows.Categories.Length == rows.DenseCount)
            && !rows.Categories.AsSpan().ContainsAnyInRange(int.MinValue, -1)
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

        if (rows.Dense.Any(value => !float.IsFinite(value) && !(takesMissing && float.IsNaN(value)))
            || rows.Values.Any(static value => !float.IsFinite(value)))
        {
            throw new ArgumentException("A value is not finite: encode missing values first.", nameof(rows));
        }
    }
}
