using Tandem.Numerics;

namespace Tandem.Learning.Neighbours;

/// <summary>Builds a neighbour table item by item, in fixed chunks.</summary>
internal static class NeighbourTrainer
{
    private const int ItemsPerChunk = 64;

    /// <summary>Adds everything that goes with one item to the accumulator.</summary>
    public delegate void Gather(int item, RowAccumulator into);

    /// <summary>Builds the table.</summary>
    /// <param name="gather">Adds the raw weights of one item's row; must be thread safe.</param>
    /// <param name="rowFactors">Multiplies the raw weights of each item's row.</param>
    /// <param name="factors">Multiplies the raw weights of each neighbour.</param>
    /// <param name="keep">Neighbours kept an item; 0 keeps all.</param>
    /// <param name="tieBreak">Small popularity of each item.</param>
    /// <param name="context">Threads and progress.</param>
    /// <param name="cancellationToken">Stops between chunks.</param>
    public static NeighbourTable Build(
        Gather gather, float[] rowFactors, float[] factors, int keep, float[] tieBreak, FitContext context,
        CancellationToken cancellationToken)
    {
        int itemCount = factors.Length;
        int chunkCount = ParallelChunks.ChunkCount(itemCount, ItemsPerChunk);
        int[] starts = new int[itemCount + 1];
        int[][] items = new int[chunkCount][];
        float[][] weights = new float[chunkCount][];
        int done = 0;
        ParallelChunks.Run(
            itemCount,
            ItemsPerChunk,
            context.ThreadCount,
            () => (Row: new RowAccumulator(itemCount), Items: new List<int>(), Weights: new List<float>()),
            (scratch, chunk, start, end) =>
            {
                scratch.Items.Clear();
                scratch.Weights.Clear();
                for (int item = start; item < end; item++)
                {
                    int before = scratch.Items.Count;
                    gather(item, scratch.Row);
                    scratch.Row.Finish(item, rowFactors[item], factors, keep, scratch.Items, scratch.Weights);
                    starts[item + 1] = scratch.Items.Count - before;
                }

                items[chunk] = [.. scratch.Items];
                weights[chunk] = [.. scratch.Weights];
                context.Progress?.Report((double)Interlocked.Increment(ref done) / chunkCount);
            },
            cancellationToken);
        for (int item = 0; item < itemCount; item++)
        {
            starts[item + 1] += starts[item];
        }

        return new NeighbourTable(new SparseRows(itemCount, starts, Join(items), Join(weights)), tieBreak);
    }

    private static T[] Join<T>(T[][] parts)
    {
        var joined = new T[parts.Sum(part => part.Length)];
        int at = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i].CopyTo(joined, at);
            at += parts[i].Length;
            parts[i] = [];
        }

        return joined;
    }
}
