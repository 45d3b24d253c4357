using Tandem.Learning.Nearest;
using Tandem.Numerics;

namespace Tandem.Learning.Tests.Nearest;

/// <summary>Vectors to search in, and the slow, obvious search.</summary>
internal static class Points
{
    public static NearestKind[] Kinds { get; } =
        [NearestKind.Exact, NearestKind.Bytes, NearestKind.Ivf, NearestKind.Hnsw];

    public static NearestIndex Build(Matrix vectors, NearestKind kind, int threads = 2) => NearestIndex.Build(
        vectors, new NearestOptions { Kind = kind, Top = 10, BuildWidth = 40 }, null, threads, CancellationToken.None);

    /// <summary>Normal numbers, some rows twice and some zero.</summary>
    public static Matrix Draw(int count, int dimension, ulong seed)
    {
        SeededRandom random = new(seed);
        Matrix drawn = new(count, dimension);
        for (int row = 0; row < count; row++)
        {
            int fate = random.NextInt(10);
            if (fate == 0 && row > 0)
            {
                drawn.Row(random.NextInt(row)).CopyTo(drawn.Row(row));
            }
            else if (fate > 1)
            {
                foreach (ref float x in drawn.Row(row))
                {
                    x = (float)random.NextGaussian();
                }
            }
        }

        return drawn;
    }

    /// <summary>Vectors around two hundred centres that are the same for every seed, each with fewer and fewer in its later
    /// dimensions.</summary>
    public static Matrix Clustered(int count, int dimension, ulong seed)
    {
        SeededRandom random = new(seed, stream: 7);
        Matrix drawn = new(count, dimension);
        for (int row = 0; row < count; row++)
        {
            SeededRandom centre = new(1234, (ulong)random.NextInt(200));
            Span<float> vector = drawn.Row(row);
            for (int i = 0; i < dimension; i++)
            {
                vector[i] = (float)((centre.NextGaussian() + (0.7 * random.NextGaussian())) / Math.Sqrt(1 + i));
            }
        }

        return drawn;
    }

    public static ulong[] Allow(int count, double share, ulong seed)
    {
        SeededRandom random = new(seed);
        ulong[] bits = new ulong[IdBits.WordsOf(count)];
        for (int id = 0; id < count; id++)
        {
            if (random.NextDouble() < share)
            {
                IdBits.Add(bits, id);
            }
        }

        return bits;
    }

    public static byte[] Bytes(NearestIndex index)
    {
        using MemoryStream stream = new();
        index.Save(stream);
        return stream.ToArray();
    }

    /// <summary>Compares an answer with a sort of products in float64.</summary>
    public static void CheckBest(
        Matrix vectors, ReadOnlySpan<float> query, ulong[] allowed, ReadOnlySpan<int> ids, ReadOnlySpan<float> scores,
        int wanted)
    {
        double[] products = new double[vectors.RowCount];
        for (int row = 0; row < products.Length; row++)
        {
            for (int i = 0; i < query.Length; i++)
            {
                products[row] += (double)vectors.Row(row)[i] * query[i];
            }
        }

        int[] expected = [.. Enumerable.Range(0, products.Length).Where(row => IdBits.Has(allowed, row))
            .OrderByDescending(row => products[row]).ThenBy(row => row).Take(wanted)];
        Assert.Equal(expected.Length, ids.Length);
        Assert.Equal(ids.Length, ids.ToArray().Distinct().Count());
        for (int i = 0; i < ids.Length; i++)
        {
            // 70 products of normal numbers in float32; neighbours that near may change places, equal vectors may not.
            Assert.Equal(products[expected[i]], products[ids[i]], 2e-4);
            Assert.True(
                i == 0 || !vectors.Row(ids[i - 1]).SequenceEqual(vectors.Row(ids[i])) || ids[i - 1] < ids[i]);
            if (!scores.IsEmpty)
            {
                Assert.Equal(products[ids[i]], scores[i], 2e-4);
            }
        }
    }
}
