using Tandem.Learning.TwoTower;
using Tandem.Numerics;

namespace Tandem.Learning.Tests.TwoTower;

public sealed class TwoTowerModelTests : ItemScorerConformance
{
    protected override string KindName => "two_tower";

    protected override IReadOnlyDictionary<string, double> Parameters => new Dictionary<string, double>(StringComparer.Ordinal)
    {
        ["factors"] = 8,
        ["hidden"] = 12,
        ["epochs"] = 20,
        ["batch_size"] = 128,
        ["uniform_negatives"] = 10,
    };

    [Fact]
    public void ScoreItems_AfterANewAction_TurnsToItsTaste()
    {
        Interactions rows = SmallWorld.Make(seed: 6, userCount: 200);
        IItemScorer model = Fit(rows);
        int half = rows.ItemCount / 2;

        float[] left = SmallWorld.Score(model, new ItemQuery { User = -1, History = [0, 1] });
        float[] right = SmallWorld.Score(model, new ItemQuery { User = -1, History = [half, half + 1] });

        Assert.True(Kernel.Sum(left.AsSpan(0, half)) > Kernel.Sum(left.AsSpan(half)));
        Assert.True(Kernel.Sum(right.AsSpan(0, half)) < Kernel.Sum(right.AsSpan(half)));
    }

    [Fact]
    public void Fit_WithAttributesAndThreeThreads_GivesTheSameBytes()
    {
        Interactions rows = Attributed(SmallWorld.Make(seed: 1, userCount: 300, itemCount: 200), seed: 1);

        byte[] one = SmallWorld.Save(Fit(rows, threadCount: 1));
        byte[] three = SmallWorld.Save(Fit(rows, threadCount: 3));

        Assert.Equal(one, three);
    }

    [Fact]
    public void ScoreItems_OfSomebodyNew_GoesByTheirAttributes()
    {
        Interactions rows = Attributed(SmallWorld.Make(seed: 8, userCount: 400), seed: 8);
        IItemScorer model = Fit(rows);
        int half = rows.ItemCount / 2;

        float[] left = SmallWorld.Score(model, new ItemQuery { User = -1, Attributes = Taste(0).Row(0) });
        float[] right = SmallWorld.Score(model, new ItemQuery { User = -1, Attributes = Taste(1).Row(0) });

        Assert.True(Kernel.Sum(left.AsSpan(0, half)) > Kernel.Sum(left.AsSpan(half)));
        Assert.True(Kernel.Sum(right.AsSpan(0, half)) < Kernel.Sum(right.AsSpan(half)));
    }

    [Fact]
    public void WithItems_PlacesNewItemsByTheirAttributes_AndLeavesTheOthers()
    {
        Interactions rows = Attributed(SmallWorld.Make(seed: 9, userCount: 400), seed: 9);
        var model = (IGrowingScorer)Fit(rows);
        AttributeRows added = Rows(2, [[(0, 1)], [(1, 1)]], [[0.5f], [0.5f]]);

        var loaded = (IGrowingScorer)ModelCatalogue.Default.Find(KindName).Load(new MemoryStream(SmallWorld.Save(model)));
        foreach (IGrowingScorer from in new[] { model, loaded })
        {
            IItemScorer grown = from.WithItems(2, added.All);

            Assert.Equal(rows.ItemCount + 2, grown.ItemCount);
            ItemQuery query = new() { User = -1, History = [0, 1] };
            float[] before = SmallWorld.Score(from, query);
            float[] after = SmallWorld.Score(grown, query);
            Assert.Equal(before, after[..rows.ItemCount]);
            Assert.True(after[^2] > after[^1]);
            float[] liked = SmallWorld.Score(grown, new ItemQuery { User = -1, History = [rows.ItemCount] });
            Assert.True(liked[^2] > liked[^1]);
            Assert.Equal(0f, SmallWorld.Score(from.WithItems(1, default), query)[^1]);
        }

        Assert.Throws<ArgumentException>(() => model.WithItems(3, added.All));
    }

    [Fact]
    public void Fit_OfAnItemThatNobodyMet_PlacesItByItsAttributes()
    {
        Interactions known = SmallWorld.Make(seed: 10, userCount: 400);

        // Two items more than anybody met, one of each taste.
        Interactions rows = Attributed(known with { ItemCount = known.ItemCount + 2 }, seed: 10, half: known.ItemCount / 2);
        rows = rows with { ItemAttributes = WithLast(rows.ItemAttributes) };
        IItemScorer model = Fit(rows);

        float[] scores = SmallWorld.Score(model, new ItemQuery { User = -1, History = [0, 1] });

        Assert.True(scores[^2] > scores[^1]);
    }

    [Fact]
    public void Fit_WithTheSameSeedAndAnotherOption_GivesAnotherModel()
    {
        Interactions rows = Attributed(SmallWorld.Make(seed: 11, userCount: 200), seed: 11);
        TwoTowerOptions options = new()
        {
            Factors = 8,
            Hidden = 12,
            Epochs = 2,
            BatchSize = 200,
            UniformNegatives = 8,
            ValidationShare = 0,
        };
        TwoTowerOptions[] others =
        [
            options with { Factors = 9 },
            options with { Hidden = 13 },
            options with { Layers = 0 },
            options with { Layers = 2 },
            options with { Normalise = false },
            options with { Temperature = 0.2 },
            options with { UserIds = false },
            options with { ItemIds = false },
            options with { IdDropout = 0.5 },
            options with { HistoryLength = 0 },
            options with { HistoryLength = 3 },
            options with { HistoryFeatures = false },
            options with { RecencyDecay = 0.5 },
            options with { IsOrdered = false },
            options with { BatchSize = 100 },
            options with { UniformNegatives = 0 },
            options with { Correction = 0.5 },
            options with { LearningRate = 0.01 },
            options with { Epochs = 3 },
            options with { Epochs = 30, ValidationShare = 0.1 },
            options with { HalfLifeDays = 3 },
        ];

        byte[] usual = Bytes(options);

        Assert.Equal(usual, Bytes(options with { }));
        Assert.All(others, other => Assert.NotEqual(usual, Bytes(other)));

        // With some seed the first gain is not the last.
        Assert.Contains(Enumerable.Range(1, 8), seed =>
        {
            TwoTowerOptions stopping = options with { Epochs = 20, ValidationShare = 0.1, Patience = 1 };
            return !Bytes(stopping, (ulong)seed).SequenceEqual(Bytes(stopping with { Patience = 20 }, (ulong)seed));
        });

        byte[] Bytes(TwoTowerOptions with, ulong seed = 3) => SmallWorld.Save(
            TwoTowerTrainer.Fit(rows, with, new FitContext { Seed = seed, ThreadCount = 1 }, CancellationToken.None));
    }

    [Fact]
    public void Fit_WithAttributesThatDoNotFit_IsRefused()
    {
        Interactions rows = SmallWorld.Make(seed: 12);

        Assert.Throws<ArgumentException>(() => Fit(rows with { ItemAttributes = Taste(0) }));
        Assert.Throws<ArgumentException>(() => Fit(rows with { UserAttributes = Taste(0) }));
    }

    /// <summary>Items and users say which taste they are of, the items by a number too.</summary>
    internal static Interactions Attributed(Interactions rows, ulong seed, int half = 0)
    {
        SeededRandom random = new(seed);
        half = half == 0 ? rows.ItemCount / 2 : half;
        List<(int, float)[]> ofItems = [];
        List<float[]> numbers = [];
        for (int item = 0; item < rows.ItemCount; item++)
        {
            ofItems.Add([(item < half ? 0 : 1, 1)]);
            numbers.Add([random.NextSingle()]);
        }

        List<(int, float)[]> ofRows = [];
        for (int user = 0; user < rows.UserCount; user++)
        {
            for (int row = rows.RowStarts[user]; row < rows.RowStarts[user + 1]; row++)
            {
                ofRows.Add([(user % 2, 1)]);
            }
        }

        return rows with
        {
            ItemAttributes = Rows(2, [.. ofItems], [.. numbers]),
            UserAttributes = Rows(2, [.. ofRows], [.. ofRows.Select(static _ => Array.Empty<float>())]),
        };
    }

    private static AttributeRows WithLast(AttributeRows rows)
    {
        int[] columns = [.. rows.Columns];
        columns[^2] = 0;
        columns[^1] = 1;
        float[] dense = [.. rows.Dense];
        dense[^2] = dense[^1];
        return rows with { Columns = columns, Dense = dense };
    }

    private static AttributeRows Taste(int taste) => Rows(2, [[(taste, 1)]], [[]]);

    private static AttributeRows Rows(int sparse, (int Column, float Value)[][] entries, float[][] dense)
    {
        int[] starts = new int[entries.Length + 1];
        for (int row = 0; row < entries.Length; row++)
        {
            starts[row + 1] = starts[row] + entries[row].Length;
        }

        return new AttributeRows
        {
            DenseCount = dense.Length == 0 ? 0 : dense[0].Length,
            SparseCount = sparse,
            Dense = [.. dense.SelectMany(static row => row)],
            Starts = starts,
            Columns = [.. entries.SelectMany(static row => row.Select(static entry => entry.Column))],
            Values = [.. entries.SelectMany(static row => row.Select(static entry => entry.Value))],
        };
    }
}
