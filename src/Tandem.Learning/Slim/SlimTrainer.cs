using Tandem.Learning.Neighbours;
using Tandem.Learning.Popularity;
using Tandem.Numerics;

namespace Tandem.Learning.Slim;

/// <summary>Learns sparse weights from items to items, one item at a time.</summary>
public static class SlimTrainer
{
    private const int ItemsPerChunk = 32;

    /// <summary>Fits the weights.</summary>
    /// <param name="rows">Training rows; a repeated item adds its weights up.</param>
    /// <param name="options">Settings.</param>
    /// <param name="context">Threads and progress.</param>
    /// <param name="cancellationToken">Stops between chunks of items.</param>
    /// <remarks>For each item j with column a of who chose it, minimises ½|a − A·w|² + ½·λ·|w|² + s·|w|₁ over the
    /// weights of its candidates, with λ the regularisation and s the sparsity, by coordinate descent on the Gram matrix G = AᵀA of the candidates: Ning and
    /// Karypis, <em>SLIM: Sparse Linear Methods for Top-N Recommender Systems</em>, 2011, with their selection of
    /// features by cosine (fsSLIM). O(Σ over items of the rows of all users of its candidates + sweeps·candidates²).
    /// The same bytes for any thread count.</remarks>
    public static SlimModel Fit(
        Interactions rows, SlimOptions options, FitContext context, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.Sparsity, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Regularisation, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Candidates, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Sweeps, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Tolerance, nameof(options));
        SparseRows users = Ageing.Merge(rows, halfLifeDays: 0);
        SparseRows items = users.Transpose();
        int chunkCount = ParallelChunks.ChunkCount(rows.ItemCount, ItemsPerChunk);
        var columns = new List<int>[chunkCount];
        var weights = new List<float>[chunkCount];
        int[] starts = new int[rows.ItemCount + 1];
        int done = 0;
        ParallelChunks.Run(
            rows.ItemCount,
            ItemsPerChunk,
            context.ThreadCount,
            () => new SlimColumn(users, items, options),
            (column, chunk, start, end) =>
            {
                columns[chunk] = [];
                weights[chunk] = [];
                for (int item = start; item < end; item++)
                {
                    starts[item + 1] = column.Solve(item, columns[chunk], weights[chunk]);
                }

                context.Progress?.Report((double)Interlocked.Increment(ref done) / chunkCount);
            },
            cancellationToken);
        for (int item = 0; item < rows.ItemCount; item++)
        {
            starts[item + 1] += starts[item];
        }

        SparseRows explained = new(
            rows.ItemCount, starts, [.. columns.SelectMany(static part => part)],
            [.. weights.SelectMany(static part => part)]);
        return new SlimModel(new NeighbourTable(explained.Transpose(), ItemShares.CountAsTieBreak(rows)));
    }
}
