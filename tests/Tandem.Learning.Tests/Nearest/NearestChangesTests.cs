using Tandem.Faults;
using Tandem.Learning.Nearest;
using Tandem.Numerics;
using Tandem.Testing;

namespace Tandem.Learning.Tests.Nearest;

public sealed class NearestChangesTests
{
    public static TheoryData<NearestKind> Kinds => [.. Points.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Search_AfterAnyChanges_IsTheSearchOfAListOfVectors(NearestKind kind)
    {
        for (ulong seed = 1; seed <= 12; seed++)
        {
            SeededRandom random = new(seed);
            int dimension = 1 + random.NextInt(20);
            Matrix vectors = Points.Draw(random.NextInt(3) * 60, dimension, seed);
            NearestIndex index = Points.Build(vectors, kind).WithEffort(int.MaxValue);
            ListOfVectors list = new(vectors);
            for (int step = 0; step < 400; step++)
            {
                // Ids a few beyond the last leave holes.
                int id = random.NextInt(list.Count + 3);
                if (random.NextInt(3) == 0)
                {
                    Assert.True(list.Remove(id) == index.Remove(id), $"seed {seed} step {step}");
                }
                else
                {
                    float[] vector = Points.Draw(1, dimension, (seed * 1000) + (ulong)step).Values;
                    list.Set(id, vector);
                    index.Upsert(id, vector);
                }

                if (step % 150 == 120)
                {
                    index.Rebuild(Everything(kind), null, 2, CancellationToken.None);
                    Assert.Equal(kind, index.Kind);
                }

                if (step % 10 == 0)
                {
                    // A graph that grew walks with the effort that was enough for fewer vectors.
                    bool isExact = kind == NearestKind.Hnsw && (step > 60 || vectors.RowCount == 0);
                    list.Check(index, random, $"seed {seed} step {step}", isExact);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Recall_AfterAThirdWasChurned_StaysWhereItWasAskedFor(NearestKind kind)
    {
        const int Count = 6_000;
        const double Target = 0.95;
        Matrix vectors = Points.Clustered(Count, 32, seed: 1);
        Matrix later = Points.Clustered(Count, 32, seed: 11);
        Matrix queries = Points.Clustered(64, 32, seed: 2);
        NearestOptions options = new() { Kind = kind, Recall = Target, Top = 20, BuildWidth = 60 };
        var index = NearestIndex.Build(vectors, options, queries, 2, CancellationToken.None);
        for (int i = 0; i < Count * 3 / 10; i++)
        {
            // A tenth goes, a tenth is new, a tenth is another than it was.
            int id = i / 3 * 10;
            switch (i % 3)
            {
                case 0:
                    Assert.True(index.Remove(id + 3));
                    break;
                case 1:
                    index.Upsert(Count + (i / 3), later.Row(i));
                    break;
                default:
                    index.Upsert(id + 7, later.Row(i));
                    break;
            }
        }

        CheckRecall(index, queries, Target, "churned");
        Assert.False(index.IsWorn);
        for (int id = 1; id < Count; id += 5)
        {
            index.Remove(id);
        }

        Assert.True(index.IsWorn);
        CheckRecall(index, queries, Target, "worn");
        index.Rebuild(options, queries, 2, CancellationToken.None);
        Assert.False(index.IsWorn);
        CheckRecall(index, queries, Target, "rebuilt");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Search_OfAWholeRegionThatWent_FindsTheRest(NearestKind kind)
    {
        Matrix vectors = Points.Clustered(5_000, 16, seed: 1);
        Matrix query = Points.Clustered(1, 16, seed: 9);
        var index = NearestIndex.Build(
            vectors, new NearestOptions { Kind = kind, Recall = 0.9, Top = 20, BuildWidth = 60 }, null, 2, CancellationToken.None);
        int[] nearest = new int[500];
        Assert.Equal(500, index.SearchExact(query.Row(0), [], nearest, []));
        foreach (int id in nearest)
        {
            Assert.True(index.Remove(id));
        }

        int[] found = new int[20];
        int[] truth = new int[20];
        Assert.Equal(20, index.Search(query.Row(0), [], found, []));
        Assert.Equal(20, index.SearchExact(query.Row(0), [], truth, []));
        Assert.Empty(found.Intersect(nearest));
        Assert.InRange(found.Intersect(truth).Count(), 15, 20);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void SameChanges_SameAnswers(NearestKind kind)
    {
        Matrix vectors = Points.Clustered(3_000, 16, seed: 4);
        Matrix queries = Points.Clustered(30, 16, seed: 5);
        int[][] answers = new int[2][];
        for (int run = 0; run < 2; run++)
        {
            NearestIndex index = Points.Build(vectors, kind, threads: run + 1);
            for (int i = 0; i < 500; i++)
            {
                index.Upsert((i * 13) % 3_200, vectors.Row((i * 7) % 3_000));
                index.Remove((i * 29) % 3_200);
            }

            answers[run] = new int[30 * 15];
            index.SearchMany(queries, [], 15, answers[run], []);
        }

        Assert.Equal(answers[0], answers[1]);
    }

    [Theory]
    [InlineData(NearestKind.Exact, int.MaxValue)]
    [InlineData(NearestKind.Bytes, int.MaxValue)]
    [InlineData(NearestKind.Ivf, int.MaxValue)]
    [InlineData(NearestKind.Hnsw, int.MaxValue)]
    [InlineData(NearestKind.Hnsw, 100)]
    public async Task Readers_BesideAWriter_FindEachVersionWhole(NearestKind kind, int effort)
    {
        const int Lasting = 20;
        const int Passing = 2_000;
        Matrix vectors = new(Lasting + Passing, 8);
        SeededRandom random = new(3);
        for (int id = 0; id < vectors.RowCount; id++)
        {
            // The first number of the lasting ones counts their changes, and puts them above all others.
            vectors.Row(id)[0] = id < Lasting ? 1000 : 0;
            for (int i = 1; i < 8; i++)
            {
                vectors.Row(id)[i] = id < Lasting ? 0 : (float)random.NextGaussian();
            }
        }

        NearestIndex index = Points.Build(vectors, kind).WithEffort(effort);
        int removedBelow = Lasting;
        using CancellationTokenSource end = new();
        Task[] readers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            float[] query = [1, .. new float[7]];
            int[] ids = new int[Lasting + 30];
            float[] scores = new float[ids.Length];
            float[] last = new float[Lasting];
            while (!end.IsCancellationRequested)
            {
                int removed = Volatile.Read(ref removedBelow);
                int found = index.Search(query, [], ids, scores);
                Assert.Equal(found, ids.Take(found).Distinct().Count());
                if (effort == int.MaxValue)
                {
                    Assert.Equal(Enumerable.Range(0, Lasting), ids.Take(Lasting).Order());
                }

                for (int i = 0; i < found; i++)
                {
                    Assert.True(
                        ids[i] < Lasting || ids[i] >= removed, $"{ids[i]} came back: all below {removed} went before");
                    if (ids[i] < Lasting)
                    {
                        Assert.True(scores[i] >= last[ids[i]], $"{ids[i]} fell from {last[ids[i]]} to {scores[i]}");
                        last[ids[i]] = scores[i];
                    }
                }
            }
        }))];

        float[] changed = new float[8];
        for (int step = 0; step < Passing - 100 && !readers.Any(static reader => reader.IsCompleted); step++)
        {
            changed[0] = 1001 + step;
            index.Upsert(step % Lasting, changed);
            index.Remove(Lasting + step);
            Volatile.Write(ref removedBelow, Lasting + step + 1);
            // A graph built again reads all no longer, but walks.
            if ((kind != NearestKind.Hnsw || effort != int.MaxValue) && step % 600 == 500)
            {
                index.Rebuild(Everything(kind), null, 1, CancellationToken.None);
            }
        }

        await end.CancelAsync();
        await Task.WhenAll(readers);
        Assert.Equal(Lasting + 100, index.LiveCount);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Rebuild_BesideChanges_LosesNone(NearestKind kind)
    {
        Matrix vectors = Points.Draw(1_500, 6, seed: 4);
        NearestIndex index = Points.Build(vectors, kind).WithEffort(int.MaxValue);
        ListOfVectors list = new(vectors);
        using CancellationTokenSource end = new();
        var rebuilding = Task.Run(() =>
        {
            while (!end.IsCancellationRequested)
            {
                index.Rebuild(Everything(kind), null, 1, CancellationToken.None);
            }
        });
        SeededRandom random = new(7);
        for (int step = 0; step < 1_000; step++)
        {
            int id = random.NextInt(list.Count + 2);
            if (random.NextInt(2) == 0)
            {
                Assert.Equal(list.Remove(id), index.Remove(id));
                continue;
            }

            float[] vector = Points.Draw(1, 6, (ulong)step).Values;
            list.Set(id, vector);
            index.Upsert(id, vector);
        }

        await end.CancelAsync();
        await rebuilding;

        // The effort is that of the last build: only a scan of all is sure to find all.
        list.Check(index, random, "after all", isExact: true);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Search_AfterChanges_AllocatesNothing(NearestKind kind)
    {
        Matrix vectors = Points.Clustered(2000, 16, seed: 4);
        NearestIndex index = Points.Build(vectors, kind);
        int[] ids = new int[10];
        ulong[] allowed = Points.Allow(2000, 0.5, 1);
        index.Upsert(3, vectors.Row(8));
        index.Remove(4);
        _ = index.Search(vectors.Row(0), allowed, ids, []);

        int asked = 1;
        Assert.Equal(0, Allocations.Least(() => _ = index.Search(vectors.Row(asked++), allowed, ids, [])));
    }

    [Fact]
    public void Changes_ThatAreNone_AndWhatTheyForbid_AreSaid()
    {
        NearestIndex index = Points.Build(Points.Draw(20, 3, 1), NearestKind.Bytes);

        TandemException bad = Assert.Throws<TandemException>(() => index.Upsert(13, [0, float.NaN, 0]));
        Assert.Equal("LRN031", bad.Fault.Code);
        Assert.Contains("13", bad.Fault.ToString(), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Upsert(-1, [0, 0, 0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Upsert(1, [0, 0]));
        Assert.False(index.Remove(-1));
        Assert.False(index.Remove(20));
        _ = Points.Bytes(index);
        Assert.True(index.Remove(19));
        Assert.False(index.Remove(19));
        Assert.Equal((20, 19), (index.Count, index.LiveCount));
        Assert.Throws<InvalidOperationException>(() => Points.Bytes(index));
        Assert.Throws<InvalidOperationException>(() => index.WithEffort(1));
    }

    /// <summary>All of more than there are: an effort that reads all.</summary>
    private static NearestOptions Everything(NearestKind kind) =>
        new() { Kind = kind, Top = 5_000, BuildWidth = 40, Recall = 1 };

    private static void CheckRecall(NearestIndex index, Matrix queries, double recall, string when)
    {
        int[] ids = new int[20];
        int[] truth = new int[20];
        foreach (double share in new[] { 1, 0.5, 0.15, 0.1, 0.01 })
        {
            ulong[] allowed = share == 1 ? [] : Points.Allow(index.Count, share, seed: 5);
            int hits = 0;
            int wanted = 0;
            for (int query = 0; query < queries.RowCount; query++)
            {
                int found = index.Search(queries.Row(query), allowed, ids, []);
                int best = index.SearchExact(queries.Row(query), allowed, truth, []);
                wanted += best;
                hits += ids.Take(found).Intersect(truth.Take(best)).Count();
            }

            // 64 queries of 20: chance is below two hundredths.
            Assert.True(hits >= (recall - 0.02) * wanted, $"{when}, {share}: {hits} of {wanted}");
        }
    }

    /// <summary>The slow, obvious twin: ids with vectors, searched by sorting.</summary>
    private sealed class ListOfVectors(Matrix vectors)
    {
        private readonly List<float[]?> _vectors =
            [.. Enumerable.Range(0, vectors.RowCount).Select(row => vectors.Row(row).ToArray())];

        public int Count => _vectors.Count;

        public bool Remove(int id)
        {
            bool isThere = id < Count && _vectors[id] is not null;
            if (isThere)
            {
                _vectors[id] = null;
            }

            return isThere;
        }

        public void Set(int id, float[] vector)
        {
            while (Count <= id)
            {
                _vectors.Add(null);
            }

            _vectors[id] = vector;
        }

        public void Check(NearestIndex index, SeededRandom random, string when, bool isExact = false)
        {
            Assert.True(index.LiveCount == _vectors.Count(static vector => vector is not null), when);
            float[] query = Points.Draw(1, index.Dimension, random.NextBits()).Values;
            double share = random.NextInt(4) * 0.3;
            ulong[] allowed = share == 0 ? [] : Points.Allow(Count, share, random.NextBits());
            (int Id, double Score)[] expected = [.. _vectors
                .Select((vector, id) => (Id: id, Score: vector is null ? double.NaN : Product(vector, query)))
                .Where(pair => !double.IsNaN(pair.Score) && IdBits.Has(allowed, pair.Id))
                .OrderByDescending(static pair => pair.Score).ThenBy(static pair => pair.Id).Take(15)];
            int[] ids = new int[15];
            float[] scores = new float[15];

            int found = isExact
                ? index.SearchExact(query, allowed, ids, scores)
                : index.Search(query, allowed, ids, scores);

            Assert.True(expected.Length == found, when);
            Assert.True(ids.Take(found).Distinct().Count() == found, when);
            for (int i = 0; i < found; i++)
            {
                // 20 products of normal numbers in float32; neighbours that near may change places, equal vectors may not.
                Assert.True(Math.Abs(expected[i].Score - scores[i]) < 2e-4, when);
                Assert.True(Math.Abs(Product(_vectors[ids[i]]!, query) - scores[i]) < 2e-4, when);
                Assert.True(
                    i == 0 || !_vectors[ids[i - 1]].AsSpan().SequenceEqual(_vectors[ids[i]]) || ids[i - 1] < ids[i], when);
            }
        }

        private static double Product(float[] x, float[] y)
        {
            double product = 0;
            for (int i = 0; i < x.Length; i++)
            {
                product += (double)x[i] * y[i];
            }

            return product;
        }
    }
}
