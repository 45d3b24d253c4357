using Tandem.Faults;
using Tandem.Numerics;
using Tandem.Testing;

namespace Tandem.Learning.Tests;

/// <summary>What every item scorer must do, whatever it is inside.</summary>
public abstract class ItemScorerConformance
{
    private static readonly int[] OneItem = [3];

    /// <summary>Name of the kind under test.</summary>
    protected abstract string KindName { get; }

    /// <summary>Settings for a small world, quick to fit.</summary>
    protected virtual IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double>(StringComparer.Ordinal);

    private ModelKind Kind => ModelCatalogue.Default.Find(KindName);

    [Fact]
    public void Fit_WithOneAndTwoThreads_GivesTheSameBytes()
    {
        Interactions rows = SmallWorld.Make(seed: 1, userCount: 300, itemCount: 200);

        byte[] one = SmallWorld.Save(Fit(rows, threadCount: 1));
        byte[] two = SmallWorld.Save(Fit(rows, threadCount: 2));

        Assert.Equal(one, two);
    }

    [Fact]
    public void Load_OfWhatWasSaved_ScoresTheSame()
    {
        Interactions rows = SmallWorld.Make(seed: 2);
        IItemScorer model = Fit(rows);

        IItemScorer loaded = Kind.Load(new MemoryStream(SmallWorld.Save(model)));

        Assert.Equal(KindName, loaded.Kind);
        Assert.Equal(rows.ItemCount, loaded.ItemCount);
        Assert.Equal(SmallWorld.Save(model), SmallWorld.Save(loaded));
        for (int user = 0; user < rows.UserCount; user++)
        {
            Assert.Equal(SmallWorld.Score(model, QueryOf(rows, user)), SmallWorld.Score(loaded, QueryOf(rows, user)));
        }
    }

    [Fact]
    public void TryFindQuery_WhereThereIsOne_GivesTheScoresToTheBit()
    {
        Interactions rows = SmallWorld.Make(seed: 8);
        IItemScorer model = Fit(rows);
        if (model is not IVectorScorer vectors)
        {
            return;
        }

        float[] query = new float[vectors.ItemVectors.ColumnCount];
        float[] scores = new float[rows.ItemCount];
        int found = 0;
        for (int user = 0; user < rows.UserCount; user++)
        {
            if (vectors.TryFindQuery(QueryOf(rows, user), query))
            {
                vectors.ItemVectors.Multiply(query, scores);
                Assert.Equal(SmallWorld.Score(model, QueryOf(rows, user)), scores);
                found++;
            }
        }

        Assert.InRange(found, 1, rows.UserCount);
        Assert.Equal(rows.ItemCount, vectors.ItemVectors.RowCount);
        Matrix sample = vectors.SampleQueries(7, seed: 1);
        Assert.Equal((7, query.Length), (sample.RowCount, sample.ColumnCount));
        Assert.Contains(sample.Values, static value => value != 0);
        Assert.Equal(sample.Values, vectors.SampleQueries(7, seed: 1).Values);
    }

    [Fact]
    public void Load_OfAnyDamagedByte_IsACodedFault()
    {
        byte[] bytes = SmallWorld.Save(Fit(SmallWorld.Make(seed: 3, userCount: 6, itemCount: 8)));

        for (int at = 0; at < bytes.Length; at++)
        {
            byte[] damaged = [.. bytes];
            damaged[at] ^= 0x10;

            TandemException fault = Assert.Throws<TandemException>(() => Kind.Load(new MemoryStream(damaged)));

            Assert.StartsWith("LRN01", fault.Fault.Code, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Load_OfATornFile_IsACodedFault()
    {
        byte[] bytes = SmallWorld.Save(Fit(SmallWorld.Make(seed: 3, userCount: 6, itemCount: 8)));

        for (int length = 0; length < bytes.Length; length++)
        {
            TandemException fault = Assert.Throws<TandemException>(() => Kind.Load(new MemoryStream(bytes, 0, length)));

            Assert.Equal("LRN012", fault.Fault.Code);
        }
    }

    [Fact]
    public void ScoreItems_ForAnybody_IsNeverNaNNorAllEqual()
    {
        Interactions rows = SmallWorld.Make(seed: 4);
        IItemScorer model = Fit(rows);

        for (int user = 0; user < rows.UserCount; user++)
        {
            AssertUseful(SmallWorld.Score(model, QueryOf(rows, user)));
        }

        AssertUseful(SmallWorld.Score(model, new ItemQuery { User = -1 }));
        AssertUseful(SmallWorld.Score(model, new ItemQuery { User = -1, History = OneItem }));
        AssertUseful(SmallWorld.Score(model, new ItemQuery { User = 5, History = OneItem, HistoryIsNew = true }));
        AssertUseful(SmallWorld.Score(model, new ItemQuery { User = rows.UserCount + 7 }));
    }

    [Fact]
    public void ScoreItems_OverwritesWhatWasThere()
    {
        Interactions rows = SmallWorld.Make(seed: 5);
        IItemScorer model = Fit(rows);
        float[] scores = new float[rows.ItemCount];
        Array.Fill(scores, float.NaN);

        model.ScoreItems(QueryOf(rows, 7), scores);

        Assert.Equal(SmallWorld.Score(model, QueryOf(rows, 7)), scores);
    }

    [Fact]
    public void ScoreItems_AfterTheFirstCall_AllocatesNothing()
    {
        Interactions rows = SmallWorld.Make(seed: 6);
        IItemScorer model = Fit(rows);
        float[] scores = new float[rows.ItemCount];
        ScoreEveryWay(model, rows, scores);

        long allocated = Allocations.Least(() => ScoreEveryWay(model, rows, scores));

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void ScoreItems_FromManyThreads_GivesEachItsOwnAnswer()
    {
        Interactions rows = SmallWorld.Make(seed: 7);
        IItemScorer model = Fit(rows);
        float[][] expected = [.. Enumerable.Range(0, rows.UserCount).Select(user => SmallWorld.Score(model, NewQueryOf(rows, user)))];

        Parallel.For(0, 20 * rows.UserCount, new ParallelOptions { MaxDegreeOfParallelism = 8 }, call =>
        {
            int user = call % rows.UserCount;
            Assert.Equal(expected[user], SmallWorld.Score(model, NewQueryOf(rows, user)));
        });
    }

    [Fact]
    public void ScoreSimilar_LeavesTheItemOut()
    {
        Interactions rows = SmallWorld.Make(seed: 8);
        IItemScorer model = Fit(rows);
        float[] scores = new float[rows.ItemCount];

        for (int item = 0; item < rows.ItemCount; item++)
        {
            model.ScoreSimilar(item, scores);

            Assert.Equal(float.NegativeInfinity, scores[item]);
            Assert.DoesNotContain(scores, float.IsNaN);
        }
    }

    [Fact]
    public void Parameters_AtTheirDefaults_AreWithinTheirRange()
    {
        Assert.All(Kind.Parameters, parameter =>
        {
            Assert.InRange(parameter.Default, parameter.Minimum, parameter.Maximum);
            Assert.False(parameter.IsWhole && parameter.Default != Math.Floor(parameter.Default));
            Assert.Matches("^[a-z][a-z_]*$", parameter.Name);
        });
    }

    [Fact]
    public void Fit_WithoutRows_IsACodedFault()
    {
        TandemException fault = Assert.Throws<TandemException>(() => Fit(SmallWorld.From(itemCount: 3, [])));

        Assert.Equal("LRN005", fault.Fault.Code);
    }

    [Fact]
    public void Fit_WhenStopped_Stops()
    {
        using CancellationTokenSource stop = new();
        stop.Cancel();
        Interactions rows = SmallWorld.Make(seed: 9);

        // Counting is too quick to stop; everything else notices.
        if (!KindName.StartsWith("popular", StringComparison.Ordinal))
        {
            Assert.ThrowsAny<OperationCanceledException>(() => Kind.Fit(rows, Parameters, new FitContext(), stop.Token));
        }
    }

    internal IItemScorer Fit(Interactions rows, int threadCount = 1) =>
        Kind.Fit(rows, Parameters, new FitContext { Seed = 11, ThreadCount = threadCount }, CancellationToken.None);

    internal static ItemQuery QueryOf(Interactions rows, int user) =>
        new() { User = user, History = rows.ItemsOf(user), AgeDays = rows.AgesOf(user) };

    internal static ItemQuery NewQueryOf(Interactions rows, int user) =>
        new() { User = user, History = rows.ItemsOf(user), AgeDays = rows.AgesOf(user), HistoryIsNew = true };

    private static void ScoreEveryWay(IItemScorer model, Interactions rows, float[] scores)
    {
        model.ScoreItems(QueryOf(rows, 7), scores);
        model.ScoreItems(NewQueryOf(rows, 7), scores);
        model.ScoreItems(new ItemQuery { User = -1 }, scores);
        model.ScoreSimilar(3, scores);
    }

    private static void AssertUseful(float[] scores)
    {
        Assert.DoesNotContain(scores, float.IsNaN);
        Assert.True(scores.Distinct().Count() > 1);
    }
}
