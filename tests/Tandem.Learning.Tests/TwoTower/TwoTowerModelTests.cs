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
    public void Fit_WithStatesOfThePast_LearnsWhatWasTrueThenAndNotNow()
    {
        Interactions rows = WithAFashion(SmallWorld.Make(seed: 12, userCount: 400), seed: 12);
        Interactions asOfNow = rows with { Past = ItemStates.None };

        double[] of = [.. new[] { rows, asOfNow }.Select(each =>
        {
            float[] scores = SmallWorld.Score(Fit(each), new ItemQuery { User = -1, Attributes = Taste(0).Row(0) });
            int half = rows.ItemCount / 2;
            float[] inFashion = [.. Enumerable.Range(0, half).Where(item => IsInFashion(item, period: 0)).Select(item => scores[item])];
            float[] others = [.. Enumerable.Range(0, half).Where(item => !IsInFashion(item, period: 0)).Select(item => scores[item])];
            return inFashion.Average() - others.Average();
        })];

        Assert.True(of[0] > 0.1, $"{of[0]}");
        Assert.True(of[0] > of[1] + 0.1, $"{of[0]} and {of[1]}");
    }

    [Fact]
    public void ScoreItems_OfSomebodyWhoseAttributesAreMissing_WithoutLayers_GoesByWhatAllShare()
    {
        // Of three columns of users, the last says that nothing is known; no row has it.
        Interactions rows = Attributed(SmallWorld.Make(seed: 13, userCount: 400), seed: 13);
        rows = rows with { UserAttributes = rows.UserAttributes with { SparseCount = 3 } };
        IItemScorer fitted = ModelCatalogue.Default.Find(KindName).Fit(
            rows, new Dictionary<string, double>(Parameters, StringComparer.Ordinal) { ["layers"] = 0, ["user_ids"] = 0 },
            new FitContext { Seed = 13 }, CancellationToken.None);
        IItemScorer loaded = ModelCatalogue.Default.Find(KindName).Load(new MemoryStream(SmallWorld.Save(fitted)));

        float[] scores = SmallWorld.Score(loaded, new ItemQuery { User = -1, Attributes = Rows(3, [[(2, 1)]], [[]]).Row(0) });

        int quarter = rows.ItemCount / 4;
        float Mean(int first) => Kernel.Sum(scores.AsSpan(first, quarter)) / quarter;
        Assert.Equal(SmallWorld.Score(fitted, new ItemQuery { User = -1, Attributes = Rows(3, [[(2, 1)]], [[]]).Row(0) }), scores);
        Assert.True(Mean(0) > Mean(quarter) && Mean(2 * quarter) > Mean(3 * quarter), string.Join(' ', scores));
    }

    [Fact]
    public void Fit_WithStatesThatDoNotFit_IsRefused()
    {
        Interactions rows = InStates(Attributed(SmallWorld.Make(seed: 1), seed: 1), seed: 1);
        ItemStates past = rows.Past;
        int[] ofAnother = [.. past.Chosen];
        ofAnother[0] = (ofAnother[0] + 1) % rows.ItemCount;

        Assert.Throws<ArgumentException>(() => Fit(rows with { Past = past with { Chosen = ofAnother } }));
        Assert.Throws<ArgumentException>(() => Fit(rows with { Past = past with { Drawn = past.Drawn[1..] } }));
        Assert.Throws<ArgumentException>(() => Fit(rows with { Past = past with { Attributes = AttributeRows.None } }));
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

    /// <summary>The same rows with states of four periods by age: an item's own attributes, and a number that changes.</summary>
    internal static Interactions InStates(Interactions rows, ulong seed)
    {
        const int Periods = 4;
        SeededRandom random = new(seed);
        float oldest = rows.AgeDays.Max();
        int[] periods = [.. rows.AgeDays.Select(age => Math.Min(Periods - 1, (int)(Periods * age / oldest)))];
        int[] items = [.. Enumerable.Range(0, Periods * rows.ItemCount).Select(state => state % rows.ItemCount)];
        AttributeRows known = rows.ItemAttributes.Take(items);
        return rows with
        {
            Past = new ItemStates
            {
                Items = items,
                Periods = [.. Enumerable.Range(0, items.Length).Select(state => state / rows.ItemCount)],
                Attributes = known with { Dense = [.. known.Dense.Select(value => value + random.NextSingle())] },
                Chosen = [.. rows.Items.Zip(periods, (item, period) => (period * rows.ItemCount) + item)],
                Drawn = [.. periods.Select(period => (period * rows.ItemCount) + random.NextInt(rows.ItemCount))],
            },
        };
    }

    private static bool IsInFashion(int item, int period) => item % 4 == period;

    /// <summary>Rows that chose only what was in fashion in their period, which the last number of an item's attributes says.</summary>
    private static Interactions WithAFashion(Interactions rows, ulong seed)
    {
        Interactions known = InStates(Attributed(rows, seed), seed);
        ItemStates past = known.Past;
        int[] chosen = [.. past.Chosen.Select(state => state - (state % 4) + past.Periods[state])];
        static float[] Fashion(IEnumerable<(int Item, int Period)> states) =>
            [.. states.Select(static state => IsInFashion(state.Item, state.Period) ? 1f : 0f)];
        return known with
        {
            Items = [.. chosen.Select(state => past.Items[state])],
            ItemAttributes = known.ItemAttributes with
            {
                Dense = Fashion(Enumerable.Range(0, rows.ItemCount).Select(static item => (item, 0))),
            },
            Past = past with
            {
                Chosen = chosen,
                Attributes = past.Attributes with { Dense = Fashion(past.Items.Zip(past.Periods)) },
            },
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
