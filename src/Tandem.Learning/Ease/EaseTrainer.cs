using Tandem.Faults;
using Tandem.Learning.Neighbours;
using Tandem.Learning.Popularity;
using Tandem.Numerics;

namespace Tandem.Learning.Ease;

/// <summary>Learns a linear model from items to items in closed form.</summary>
public static class EaseTrainer
{
    private const int RowsPerChunk = 256;

    /// <summary>Fits the weights.</summary>
    /// <param name="rows">Training rows; a repeated item adds its weights up.</param>
    /// <param name="options">Settings.</param>
    /// <param name="context">Threads and progress.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    /// <exception cref="TandemException">LRN016: it would take more memory than it may; LRN006: the system has no
    /// solution in float32.</exception>
    /// <remarks>Minimises |X − X·B|² + λ·|B|² under a zero diagonal: with P = (XᵀX + λ·I)⁻¹, Bᵢⱼ = −Pᵢⱼ / Pⱼⱼ. Steck,
    /// <em>Embarrassingly Shallow Autoencoders for Sparse Data</em>, 2019. O(items³); 4·items² bytes while fitting, and 8 for each weight kept. The same
    /// bytes for any thread count.</remarks>
    public static EaseModel Fit(
        Interactions rows, EaseOptions options, FitContext context, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Regularisation, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Neighbours, nameof(options));
        int kept = Math.Min(options.Neighbours == 0 ? rows.ItemCount : options.Neighbours, rows.ItemCount - 1);
        long needed = 1 + (((4L * rows.ItemCount * rows.ItemCount) + (8L * rows.ItemCount * kept)) >> 20);
        if (needed > options.MemoryMegabytes || (long)rows.ItemCount * rows.ItemCount > Array.MaxLength)
        {
            throw new TandemException(
                LearningErrors.TooLarge(EaseModel.KindName, rows.ItemCount, needed, options.MemoryMegabytes));
        }

        Matrix inverse = Gram(rows, (float)options.Regularisation, context, cancellationToken);
        if (!SymmetricInverse.Invert(inverse, context.ThreadCount, context.Progress, cancellationToken))
        {
            throw new TandemException(LearningErrors.Diverged(EaseModel.KindName, 1));
        }

        return new EaseModel(new NeighbourTable(
            Keep(inverse, kept, context, cancellationToken), ItemShares.CountAsTieBreak(rows)));
    }

    /// <summary>XᵀX + λ·I, item by item so that threads never meet.</summary>
    private static Matrix Gram(
        Interactions rows, float regularisation, FitContext context, CancellationToken cancellationToken)
    {
        SparseRows users = Ageing.Merge(rows, halfLifeDays: 0);
        SparseRows items = users.Transpose();
        Matrix gram = new(rows.ItemCount, rows.ItemCount);
        ParallelChunks.Run(
            rows.ItemCount,
            RowsPerChunk,
            context.ThreadCount,
            static () => 0,
            (_, _, start, end) =>
            {
                for (int item = start; item < end; item++)
                {
                    Span<float> sums = gram.Row(item);
                    for (int entry = items.Starts[item]; entry < items.Starts[item + 1]; entry++)
                    {
                        int user = items.Columns[entry];
                        ReadOnlySpan<int> others = users.ColumnsOf(user);
                        ReadOnlySpan<float> weights = users.ValuesOf(user);
                        for (int i = 0; i < others.Length; i++)
                        {
                            sums[others[i]] += items.Values[entry] * weights[i];
                        }
                    }

                    sums[item] += regularisation;
                }
            },
            cancellationToken);
        return gram;
    }

    /// <summary>Turns the inverse into weights, and keeps the largest of each item's.</summary>
    private static SparseRows Keep(Matrix inverse, int kept, FitContext context, CancellationToken cancellationToken)
    {
        int itemCount = inverse.RowCount;
        int[] starts = [.. Enumerable.Range(0, itemCount + 1).Select(item => item * kept)];
        int[] columns = new int[starts[^1]];
        float[] values = new float[columns.Length];
        float[] scales = [.. Enumerable.Range(0, itemCount).Select(item => -1 / inverse.Row(item)[item])];
        ParallelChunks.Run(
            itemCount,
            RowsPerChunk,
            context.ThreadCount,
            () => (Weights: new float[itemCount], Sizes: new float[itemCount]),
            (scratch, _, start, end) =>
            {
                for (int item = start; item < end; item++)
                {
                    ReadOnlySpan<float> row = inverse.Row(item);
                    for (int other = 0; other < itemCount; other++)
                    {
                        scratch.Weights[other] = row[other] * scales[other];
                        scratch.Sizes[other] = Math.Abs(scratch.Weights[other]);
                    }

                    scratch.Sizes[item] = float.NegativeInfinity;
                    Span<int> chosen = columns.AsSpan(starts[item], kept);
                    _ = TopK.Select(scratch.Sizes, chosen);
                    chosen.Sort();
                    for (int i = 0; i < kept; i++)
                    {
                        values[starts[item] + i] = scratch.Weights[chosen[i]];
                    }
                }
            },
            cancellationToken);
        return new SparseRows(itemCount, starts, columns, values);
    }
}
