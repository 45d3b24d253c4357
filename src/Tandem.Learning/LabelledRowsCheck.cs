namespace Tandem.Learning;

/// <summary>Checks rows of features before a trainer trusts them.</summary>
internal static class LabelledRowsCheck
{
    /// <summary>Throws unless the arrays fit together and hold finite numbers.</summary>
    public static void ThrowUnlessSound(this LabelledRows rows)
    {
        bool fits = rows.Dense.LongLength == (long)rows.Count * rows.DenseCount
            && rows.Starts.Length == rows.Count + 1 && rows.Starts[0] == 0 && rows.Starts[^1] == rows.Columns.Length
            && rows.Columns.Length == rows.Values.Length
            && (rows.Weights.Length == 0 || rows.Weights.Length == rows.Count)
            && !rows.Columns.AsSpan().ContainsAnyExceptInRange(0, rows.SparseCount - 1);
        for (int row = 0; fits && row < rows.Count; row++)
        {
            fits = rows.Starts[row] <= rows.Starts[row + 1] && rows.Labels[row] is 0 or 1
                && (rows.Weights.Length == 0 || (rows.Weights[row] > 0 && float.IsFinite(rows.Weights[row])));
        }

        if (!fits)
        {
            throw new ArgumentException(
                "The rows' arrays do not fit together, or a label is neither 0 nor 1, or a weight is not above 0.",
                nameof(rows));
        }

        if (rows.Dense.Any(static value => !float.IsFinite(value))
            || rows.Values.Any(static value => !float.IsFinite(value)))
        {
            throw new ArgumentException("A value is not finite: encode missing values first.", nameof(rows));
        }
    }
}
