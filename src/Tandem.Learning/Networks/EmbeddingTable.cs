using Tandem.Numerics;

namespace Tandem.Learning.Networks;

/// <summary>One row of numbers for each of many ids.</summary>
internal sealed class EmbeddingTable
{
    /// <summary>Wraps rows that were loaded.</summary>
    public EmbeddingTable(Matrix rows) => Rows = rows;

    /// <summary>Draws rows from the normal distribution.</summary>
    public EmbeddingTable(int rowCount, int width, double deviation, ulong seed, ulong stream)
    {
        Rows = new Matrix(rowCount, width);
        SeededRandom random = new(seed, stream);
        foreach (ref float value in Rows.Values.AsSpan())
        {
            value = (float)(deviation * random.NextGaussian());
        }
    }

    /// <summary>The rows, shape (ids, width).</summary>
    public Matrix Rows { get; }

    /// <summary>Length of a row.</summary>
    public int Width => Rows.ColumnCount;

    /// <summary>Copies the rows of some ids.</summary>
    public void Gather(ReadOnlySpan<int> ids, RowBuffer target)
    {
        target.Resize(ids.Length);
        for (int i = 0; i < ids.Length; i++)
        {
            Rows.Row(ids[i]).CopyTo(target.Row(i));
        }
    }

    /// <summary>Takes weighted sums of rows; nothing chosen gives zeros.</summary>
    /// <param name="ids">Ids of all sums, one sum after another.</param>
    /// <param name="factors">Factor of each.</param>
    /// <param name="starts">Where each sum begins, length sums + 1.</param>
    /// <param name="target">Receives one row a sum.</param>
    public void GatherSums(
        ReadOnlySpan<int> ids, ReadOnlySpan<float> factors, ReadOnlySpan<int> starts, RowBuffer target)
    {
        target.Resize(starts.Length - 1);
        for (int sum = 0; sum < target.Count; sum++)
        {
            Kernel.SumRows(
                Rows, ids[starts[sum]..starts[sum + 1]], factors[starts[sum]..starts[sum + 1]], target.Row(sum));
        }
    }

    /// <summary>Takes the mean of the rows of each bag of ids; an empty bag gives zeros.</summary>
    /// <param name="ids">Ids of all bags, one bag after another.</param>
    /// <param name="starts">Where each bag begins, length bags + 1.</param>
    /// <param name="target">Receives one row a bag.</param>
    public void GatherBags(ReadOnlySpan<int> ids, ReadOnlySpan<int> starts, RowBuffer target)
    {
        target.Resize(starts.Length - 1);
        target.Values.Clear();
        for (int bag = 0; bag < target.Count; bag++)
        {
            int count = starts[bag + 1] - starts[bag];
            foreach (int id in ids.Slice(starts[bag], count))
            {
                Kernel.AddScaled(1f / count, Rows.Row(id), target.Row(bag));
            }
        }
    }
}
