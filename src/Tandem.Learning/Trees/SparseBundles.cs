using Tandem.Faults;
using Tandem.Numerics;
using Tandem.Numerics.Trees;

namespace Tandem.Learning.Trees;

/// <summary>Bins sparse columns, and lets those that no row has together share a column of bytes, as one-hot columns of a
/// category do.</summary>
/// <remarks>Ke and others, <em>LightGBM</em> (2017), exclusive feature bundling, without conflicts: no split is
/// lost.</remarks>
internal static class SparseBundles
{
    /// <summary>Bundles that a column is tried with; older ones are closed.</summary>
    private const int OpenBundles = 64;

    private const int BundleBins = 255;

    /// <summary>Adds the sparse columns that enough rows have to be split by.</summary>
    public static void Add(
        LabelledRows rows, int[]? sample, BoostedTreesOptions options, List<ColumnBins> columns, List<byte[]> slots,
        CancellationToken cancellationToken)
    {
        if (rows.SparseCount == 0 || rows.Columns.Length == 0)
        {
            ThrowUnlessFits(rows.Count, slots.Count, options);
            return;
        }

        SparseRows turned = new SparseRows(rows.SparseCount, rows.Starts, rows.Columns, rows.Values).Transpose();
        int[] order =
        [
            .. Enumerable.Range(0, rows.SparseCount)
                .Where(column => turned.CountOf(column) >= Math.Min(options.MinRows, rows.Count / 2 + 1))
                .OrderByDescending(turned.CountOf),
        ];
        List<(int Slot, int Next, ulong[] Rows)> open = [];
        foreach (int column in order)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ColumnBins bins = Bins(rows, turned, column, sample, options);
            if (bins.ValueBins == 1)
            {
                continue;
            }

            int bundle = open.FindIndex(each => each.Next + bins.Width <= BundleBins + 1
                && IsFree(each.Rows, turned.ColumnsOf(column)));
            if (bundle < 0)
            {
                if (open.Count == OpenBundles)
                {
                    open.RemoveAt(0);
                }

                ThrowUnlessFits(rows.Count, slots.Count + 1, options);
                open.Add((slots.Count, 1, new ulong[(rows.Count + 63) / 64]));
                slots.Add(new byte[rows.Count]);
                bundle = open.Count - 1;
            }

            (int slot, int next, ulong[] taken) = open[bundle];
            bins.Slot = slot;
            bins.Offset = next;
            open[bundle] = (slot, next + bins.Width, taken);
            Fill(bins, slots[slot], taken, turned.ColumnsOf(column), turned.ValuesOf(column));
            columns.Add(bins);
        }
    }

    private static ColumnBins Bins(
        LabelledRows rows, SparseRows turned, int column, int[]? sample, BoostedTreesOptions options)
    {
        ReadOnlySpan<int> at = turned.ColumnsOf(column);
        ReadOnlySpan<float> values = turned.ValuesOf(column);
        Dictionary<float, double> weights = new() { [0] = rows.Count - at.Length };
        for (int i = 0; i < at.Length; i++)
        {
            // Every value counts while they are few; then those of the sample do.
            if (weights.Count <= options.Bins || sample is null || Array.BinarySearch(sample, at[i]) >= 0)
            {
                weights[values[i]] = weights.GetValueOrDefault(values[i]) + ColumnSample.WeightOf(rows, at[i]);
            }
        }

        return new ColumnBins(rows.DenseCount + column, ColumnSample.Cuts(weights, options.Bins));
    }

    private static bool IsFree(ulong[] taken, ReadOnlySpan<int> rows)
    {
        foreach (int row in rows)
        {
            if ((taken[row >> 6] >> (row & 63) & 1) != 0)
            {
                return false;
            }
        }

        return true;
    }

    private static void Fill(
        ColumnBins bins, byte[] slot, ulong[] taken, ReadOnlySpan<int> rows, ReadOnlySpan<float> values)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            int bin = bins.Bin(values[i]);
            if (bin != bins.ZeroBin)
            {
                slot[rows[i]] = bins.InSlot(bin);
                taken[rows[i] >> 6] |= 1UL << (rows[i] & 63);
            }
        }
    }

    private static void ThrowUnlessFits(int rows, int slots, BoostedTreesOptions options)
    {
        long bytes = (2L * rows * slots) + ((long)Math.Min(options.Leaves, rows) * slots * GradientHistogram.BinCount * sizeof(long));
        if (bytes >> 20 > options.MemoryMb)
        {
            throw new TandemException(LearningErrors.TreesTooLarge(rows, slots, bytes >> 20, options.MemoryMb));
        }
    }
}
