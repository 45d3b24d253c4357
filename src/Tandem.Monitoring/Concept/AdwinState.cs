namespace Tandem.Monitoring.Concept;

/// <summary>Everything an <see cref="Adwin"/> knows, for a file.</summary>
/// <param name="Options">Its settings.</param>
/// <param name="Ticks">Values since it was last empty.</param>
/// <param name="Width">Values in the window.</param>
/// <param name="Total">Their sum.</param>
/// <param name="Spread">Sum of their squared distances from their mean.</param>
/// <param name="IsSpent">True where the next value starts afresh.</param>
/// <param name="Counts">Buckets of each row, smallest size first.</param>
/// <param name="Totals">Sum of each bucket, row by row, oldest first.</param>
/// <param name="Spreads">Sum of squared distances from the mean in each bucket.</param>
internal sealed record AdwinState(
    AdwinOptions Options,
    long Ticks,
    long Width,
    double Total,
    double Spread,
    bool IsSpent,
    IReadOnlyList<int> Counts,
    IReadOnlyList<double> Totals,
    IReadOnlyList<double> Spreads)
{
    /// <summary>True where the lists fit each other and the width.</summary>
    public bool IsWhole()
    {
        long width = 0;
        int buckets = 0;
        for (int row = 0; row < Counts.Count; row++)
        {
            if (row >= BucketRows.MaxRows || Counts[row] < 0 || Counts[row] > Options.MaxBuckets)
            {
                return false;
            }

            buckets += Counts[row];
            width += Counts[row] * (long)BucketRows.Size(row);
        }

        return width == Width && Totals.Count == buckets && Spreads.Count == buckets;
    }
}
