using Tandem.Numerics;
using Tandem.Numerics.Trees;

namespace Tandem.Learning.Trees;

/// <summary>Rows whose values have become bins of a byte: column by column to part rows, and in blocks row by row to sum
/// gradients.</summary>
internal sealed class BinnedRows
{
    private const int RowsAtOnce = 4096;

    private BinnedRows(int count, ColumnBins[] columns, byte[][] slots)
    {
        Count = count;
        Columns = columns;
        Slots = slots;
        BlockCount = (slots.Length + GradientHistogram.BlockColumns - 1) / GradientHistogram.BlockColumns;
        Blocks = new byte[BlockCount][];
    }

    public int Count { get; }

    /// <summary>The columns that can be split by.</summary>
    public ColumnBins[] Columns { get; }

    /// <summary>Columns of bytes; columns of a bundle share one.</summary>
    public byte[][] Slots { get; }

    public int BlockCount { get; }

    /// <summary>Slots of a block side by side, row by row, shape (rows, stride).</summary>
    public byte[][] Blocks { get; }

    /// <summary>Slots of a block.</summary>
    public int WidthOf(int block) => Math.Min(
        GradientHistogram.BlockColumns, Slots.Length - (block * GradientHistogram.BlockColumns));

    public int StrideOf(int block) => (WidthOf(block) + 7) / 8 * 8;

    public static BinnedRows Make(
        LabelledRows rows, BoostedTreesOptions options, FitContext context, CancellationToken cancellationToken)
    {
        int[]? sample = ColumnSample.Draw(rows.Count, context.Seed);
        var dense = new ColumnBins[rows.DenseCount];
        byte[][] denseSlots = new byte[rows.DenseCount][];
        ParallelChunks.Run(
            rows.DenseCount, 1, context.ThreadCount, static () => 0,
            (_, column, _, _) =>
            {
                dense[column] = ColumnSample.Bins(rows, column, sample, options);
                denseSlots[column] = new byte[rows.Count];
            },
            cancellationToken);
        FillSlots(rows, dense, denseSlots, context.ThreadCount, cancellationToken);
        List<ColumnBins> columns = [];
        List<byte[]> slots = [];
        for (int column = 0; column < dense.Length; column++)
        {
            ColumnBins bins = dense[column];
            if (bins.ValueBins > 1 || bins.HasMissing)
            {
                bins.Slot = slots.Count;
                columns.Add(bins);
                slots.Add(denseSlots[column]);
            }
        }

        SparseBundles.Add(rows, sample, options, columns, slots, cancellationToken);
        BinnedRows made = new(rows.Count, [.. columns], [.. slots]);
        made.FillBlocks(context.ThreadCount, cancellationToken);
        return made;
    }

    /// <summary>Some rows at a time, all their columns: a table is read once.</summary>
    private static void FillSlots(
        LabelledRows rows, ColumnBins[] columns, byte[][] slots, int threadCount, CancellationToken cancellationToken) =>
        ParallelChunks.Run(
            rows.Count, RowsAtOnce, threadCount, static () => 0,
            (_, _, start, end) =>
            {
                for (int column = 0; column < columns.Length; column++)
                {
                    columns[column].Fill(
                        rows.Dense.AsSpan((start * rows.DenseCount) + column), rows.DenseCount,
                        slots[column].AsSpan(start, end - start));
                }
            },
            cancellationToken);

    private void FillBlocks(int threadCount, CancellationToken cancellationToken)
    {
        for (int block = 0; block < BlockCount; block++)
        {
            int stride = StrideOf(block);
            int width = WidthOf(block);
            int first = block * GradientHistogram.BlockColumns;
            byte[] bins = LargeArray.Zeros<byte>(checked(Count * stride));
            Blocks[block] = bins;
            ParallelChunks.Run(
                Count, RowsAtOnce, threadCount, static () => 0,
                (_, _, start, end) =>
                {
                    for (int column = 0; column < width; column++)
                    {
                        byte[] slot = Slots[first + column];
                        int at = (start * stride) + column;
                        for (int row = start; row < end; row++, at += stride)
                        {
                            bins[at] = slot[row];
                        }
                    }
                },
                cancellationToken);
        }
    }
}
