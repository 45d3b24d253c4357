using Tandem.Faults;
using Tandem.Learning.Nearest;
using Tandem.Numerics;
using Tandem.Testing;

namespace Tandem.Learning.Tests.Nearest;

public sealed class NearestIndexTests
{
    public static TheoryData<NearestKind> Kinds => [.. Points.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Search_AllEffort_AgreesWithFloat64_AtEveryDimension(NearestKind kind)
    {
        for (int dimension = 1; dimension <= 70; dimension += kind == NearestKind.Exact ? 1 : 3)
        {
            SeededRandom random = new((ulong)dimension);
            Matrix vectors = Points.Draw(random.NextInt(300), dimension, (ulong)dimension);
            NearestIndex index = Points.Build(vectors, kind).WithEffort(int.MaxValue);
            Matrix queries = Points.Draw(5, dimension, 99);
            int wanted = random.NextInt(30);
            int[] ids = new int[wanted];
            float[] scores = new float[wanted];
            int[] many = new int[5 * wanted];

            index.SearchMany(queries, [], wanted, many, []);
            for (int query = 0; query < 5; query++)
            {
                int found = index.Search(queries.Row(query), [], ids, scores);

                Points.CheckBest(vectors, queries.Row(query), [], ids.AsSpan(0, found), scores, wanted);
                ReadOnlySpan<int> row = many.AsSpan(query * wanted, wanted);
                Points.CheckBest(vectors, queries.Row(query), [], row[..found], [], wanted);
                Assert.All(row[found..].ToArray(), static id => Assert.Equal(-1, id));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Build_SetsTheEffortToTheRecallAskedFor(NearestKind kind)
    {
        Matrix vectors = Points.Clustered(6_000, 32, seed: 1);
        Matrix queries = Points.Clustered(300, 32, seed: 2);
        foreach (double recall in new[] { 0.8, 0.95 })
        {
            NearestOptions options = new() { Kind = kind, Recall = recall, Top = 50, BuildWidth = 60 };
            var index = NearestIndex.Build(vectors, options, queries, 2, CancellationToken.None);

            Assert.True(index.ExpectedRecall >= recall);

            // Other queries than those it was tuned with: 64 of 50 each, so that chance is below a hundredth or two.
            Assert.InRange(index.RecallOf(Points.Clustered(64, 32, seed: 3), 50), recall - 0.03, 1);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Search_Filtered_KeepsItsRecall(NearestKind kind)
    {
        Matrix vectors = Points.Clustered(6_000, 32, seed: 1);
        Matrix queries = Points.Clustered(64, 32, seed: 2);
        var index = NearestIndex.Build(
            vectors, new NearestOptions { Kind = kind, Recall = 0.95, Top = 20, BuildWidth = 60 }, queries, 2, CancellationToken.None);
        int[] ids = new int[20];
        int[] truth = new int[20];
        foreach (double share in new[] { 0.5, 0.15, 0.1, 0.01, 0.001 })
        {
            ulong[] allowed = Points.Allow(6_000, share, seed: 5);
            int hits = 0;
            int wanted = 0;
            for (int query = 0; query < 64; query++)
            {
                int found = index.Search(queries.Row(query), allowed, ids, []);
                int best = index.SearchExact(queries.Row(query), allowed, truth, []);
                wanted += best;
                hits += ids.AsSpan(0, found).ToArray().Intersect(truth.Take(best)).Count();
                Assert.All(ids.Take(found), id => Assert.True(IdBits.Has(allowed, id)));
            }

            Assert.True(hits >= 0.93 * wanted, $"{share}: {hits} of {wanted}");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Search_NothingAllowed_Empty_Zeros_Duplicates_MoreThanThereAre(NearestKind kind)
    {
        int[] ids = new int[50];
        NearestIndex empty = Points.Build(new Matrix(0, 7), kind);
        NearestIndex zeros = Points.Build(new Matrix(40, 7), kind).WithEffort(int.MaxValue);
        Matrix same = new(40, 7);
        same.Values.AsSpan().Fill(1);
        NearestIndex duplicates = Points.Build(same, kind).WithEffort(int.MaxValue);

        Assert.Equal(0, empty.Search(new float[7], [], ids, []));
        Assert.Equal(0, zeros.Search(new float[7], new ulong[1], ids, []));
        Assert.Equal(0, zeros.Search(new float[7], [], [], []));
        Assert.Equal(40, zeros.Search(new float[7], [], ids, []));
        Assert.Equal(Enumerable.Range(0, 40), ids.Take(40));
        Assert.Equal(40, duplicates.Search([1, 1, 1, 1, 1, 1, 1], [], ids, []));
        Assert.Equal(Enumerable.Range(0, 40), ids.Take(40));
        Assert.Equal(5, duplicates.Search([1, 1, 1, 1, 1, 1, 1], [], ids.AsSpan(0, 5), []));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void NaN_Infinity_AndLengthsBeyondFloat_AreRefused(NearestKind kind)
    {
        foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity, 3e38f })
        {
            Matrix vectors = Points.Draw(20, 3, 1);
            NearestIndex index = Points.Build(vectors, kind);
            TandemException query = Assert.Throws<TandemException>(
                () => index.Search([0, bad, 0], [], new int[3], []));
            vectors = Points.Draw(20, 3, 1);
            vectors.Row(13)[1] = bad;
            TandemException vector = Assert.Throws<TandemException>(() => Points.Build(vectors, kind));

            Assert.Equal("LRN032", query.Fault.Code);
            Assert.Equal("LRN031", vector.Fault.Code);
            Assert.Contains("13", vector.Fault.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Cosine_IsTheAngle_WhateverTheLengths(NearestKind kind)
    {
        Matrix vectors = Points.Draw(200, 6, 1);
        for (int row = 0; row < 200; row++)
        {
            Kernel.Scale(1 + (row % 7), vectors.Row(row));
        }

        vectors.Row(9).Clear();
        NearestIndex index = NearestIndex.Build(
            vectors, new NearestOptions { Kind = kind, Metric = NearestMetric.Cosine }, null, 1, CancellationToken.None)
            .WithEffort(int.MaxValue);
        int[] ids = new int[200];
        float[] scores = new float[200];

        int found = index.Search(vectors.Row(17), [], ids, scores);

        Assert.Equal(200, found);
        Assert.Equal(17, ids[0]);
        Assert.Equal(1, scores[0], 1e-6f);
        Assert.Equal(0, scores[Array.IndexOf(ids, 9)]);
        Assert.All(scores, score => Assert.InRange(score, -1.000001f, 1.000001f));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Build_AnyThreadCount_SameBytes(NearestKind kind)
    {
        Matrix vectors = Points.Clustered(3000, 17, seed: 4);

        Assert.Equal(Points.Bytes(Points.Build(vectors, kind, threads: 1)), Points.Bytes(Points.Build(vectors, kind, threads: 4)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Search_AllocatesNothing(NearestKind kind)
    {
        Matrix vectors = Points.Clustered(2000, 16, seed: 4);
        NearestIndex index = Points.Build(vectors, kind);
        int[] ids = new int[10];
        ulong[] allowed = Points.Allow(2000, 0.5, 1);
        _ = index.Search(vectors.Row(0), allowed, ids, []);

        int asked = 1;
        Assert.Equal(0, Allocations.Least(() => _ = index.Search(vectors.Row(asked++), allowed, ids, [])));
    }

    [Theory]
    [InlineData(1000, 0.98, NearestKind.Exact)]
    [InlineData(50_001, 0.98, NearestKind.Bytes)]
    [InlineData(1_000_000, 0.98, NearestKind.Ivf)]
    [InlineData(1_000_000, 0.995, NearestKind.Bytes)]
    [InlineData(1_000_000, 1, NearestKind.Exact)]
    public void Choose_GoesBySizeAndRecall(int count, double recall, NearestKind expected)
    {
        Assert.Equal(expected, NearestIndex.Choose(new NearestOptions { Recall = recall }, count));
        Assert.Equal(
            NearestKind.Hnsw, NearestIndex.Choose(new NearestOptions { Kind = NearestKind.Hnsw, Recall = recall }, count));
    }

    [Fact]
    public void Kinds_AreFrozen() => Assert.Equal(
        [(NearestKind.Auto, 0), (NearestKind.Exact, 1), (NearestKind.Bytes, 2), (NearestKind.Ivf, 3), (NearestKind.Hnsw, 4)],
        Enum.GetValues<NearestKind>().Select(static kind => (kind, (int)kind)));
}
