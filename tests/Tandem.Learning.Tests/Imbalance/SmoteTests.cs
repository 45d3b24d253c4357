using Tandem.Faults;
using Tandem.Learning.Imbalance;
using Tandem.Numerics;

namespace Tandem.Learning.Tests.Imbalance;

/// <summary>Against imbalanced-learn 0.10.0 with what NumPy drew from seed 0 handed in; its test rows, the rarer class as
/// positives.</summary>
public sealed class SmoteTests
{
    private static readonly LabelledRows Rows = RareRows.From(
    [
        [0.11622591f, -0.0317206f], [0.77481731f, 0.60935141f], [1.25192108f, -0.22367336f],
        [0.53366841f, -0.30312976f], [1.52091956f, -0.49283504f], [-0.28162401f, -2.10400981f],
        [0.83680821f, 1.72827342f], [0.3084254f, 0.33299982f], [0.70472253f, -0.73309052f],
        [0.28893132f, -0.38761769f], [1.15514042f, 0.0129463f], [0.88407872f, 0.35454207f],
        [1.31301027f, -0.92648734f], [-1.11515198f, -0.93689695f], [-0.18410027f, -0.45194484f],
        [0.9281014f, 0.53085498f], [-0.14374509f, 0.27370049f], [-0.41635887f, -0.38299653f],
        [0.08711622f, 0.93259929f], [1.70580611f, -0.11219234f],

    ],
    1, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 1);

    [Fact]
    public void Neighbours_EqualThoseOfImbalancedLearn()
    {
        int[] positives = [0, 2, 3, 4, 11, 12, 17, 19];
        int[] expected =
        [
            2, 6, 4, 1, 3, 3, 7, 4, 5, 2, 0, 1, 4, 6, 5, 1, 7, 5, 2, 4, 1, 2, 0, 7, 3, 3, 1, 7, 2, 4, 0, 2, 4, 1, 5,
            3, 1, 5, 4, 2,
        ];
        ImbalanceWork work = RareRows.Work(Rows, "smote");

        int[] found = Smote.Neighbours(work, 5);

        Assert.Equal(positives, work.Positives);
        Assert.Equal(expected.Select(place => positives[place]), found);
    }

    [Fact]
    public void Smote_OfGivenDraws_EqualsImbalancedLearn()
    {
        ImbalanceWork work = RareRows.Work(Rows, "smote");

        TrainingRows made = Smote.From(
            work, work.Positives, Smote.Neighbours(work, 5), 5, [0, 3, 3, 39],
            [0.4236547993389047, 0.6458941130666561, 0.4375872112626925, 0.8917730007820798]);

        AssertMade(
            [
                [0.2930774285730307, -0.1467043932185407], [0.8497647345412352, -0.15570175767089672],
                [0.6131915922848095, -0.11571667294257691], [0.6605253559411948, -0.2824651759949883],
            ],
            made);
        Assert.Equal(0.5, made.PositiveRate);
        Assert.Equal(0.4, made.PositiveRateBefore);
        Assert.Equal(Math.Log(0.4 / 0.6), made.LogOddsShift, 1e-12);
    }

    [Fact]
    public void BorderlineSmote_OfGivenDraws_EqualsImbalancedLearn()
    {
        ImbalanceWork work = RareRows.Work(Rows, "borderline_smote");
        int[] neighbours = Smote.Neighbours(work, 5);

        int[] danger = BorderlineSmote.InDanger(work, out int[] around, out int width);

        Assert.Equal([0, 1, 2, 3, 4, 6, 7], danger);
        Assert.Equal(10, width);
        Assert.Equal(80, around.Length);
        TrainingRows made = Smote.From(
            work, [.. danger.Select(place => work.Positives[place])],
            [.. danger.SelectMany(place => neighbours[(place * 5)..((place * 5) + 5)])], 5, [0, 3, 3, 9],
            [0.6235636967859723, 0.3843817072926998, 0.2975346065444723, 0.05671297731744318]);
        AssertMade(
            [
                [0.3765278984955782, -0.2009614991511755], [0.5527663584086729, -0.10550372960834586],
                [0.45413452556040756, -0.08883318892172551], [1.211186832618097, -0.22817956901092568],
            ],
            made);
    }

    [Fact]
    public void Adasyn_OfGivenDraws_EqualsImbalancedLearn()
    {
        ImbalanceWork work = RareRows.Work(Rows, "adasyn");

        int[] counts = Adasyn.Counts(work, 5, missing: 4);

        Assert.Equal([1, 0, 1, 0, 1, 0, 1, 0], counts);
        AssertMade(
            [
                [0.881619857147529, -0.2829741037930316], [0.35681689142696926, -0.18814596678145934],
                [1.414827603746628, 0.053081062215360963], [0.3136591009259641, -0.3132787483501681],
            ],
            Adasyn.From(
                work, Smote.Neighbours(work, 5), 5, counts, [4, 0, 3, 3],
                [0.5448831829968969, 0.4236547993389047, 0.6458941130666561, 0.4375872112626925]));
    }

    // Counted from all distances, one row at a time.
    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 5)]
    [InlineData(3, 20)]
    public void Adasyn_Counts_EqualThoseOfAllDistances(ulong seed, int width)
    {
        LabelledRows rows = RareRows.Make(seed);
        ImbalanceWork work = RareRows.Work(rows, "adasyn");
        double[] shares =
        [
            .. work.Positives.Select(positive => (double)Nearest(rows, positive).Take(width)
                .Count(row => rows.Labels[row] == 0)),
        ];

        int[] counts = Adasyn.Counts(work, width, missing: 300);

        Assert.Equal(shares.Select(share => (int)Math.Round(share / shares.Sum() * 300)), counts);
    }

    [Theory]
    [InlineData("smote", 1)]
    [InlineData("adasyn", 2)]
    [InlineData("borderline_smote", 3)]
    public void Synthetic_LieBetweenAPositiveAndANeighbouringPositive(string method, ulong seed)
    {
        LabelledRows rows = RareRows.Make(seed);
        LabelledRows made = RareRows.Apply(rows, method, 1, seed, ("neighbours", 4)).Rows;
        int[] positives = [.. Enumerable.Range(0, rows.Count).Where(row => rows.Labels[row] > 0)];

        Assert.Equal(rows.Dense, made.Dense[..rows.Dense.Length]);
        Assert.All(made.Labels[rows.Count..], static label => Assert.Equal(1, label));
        for (int row = rows.Count; row < made.Count; row++)
        {
            float[] at = Row(made, row);
            bool lies = positives.Any(from => Nearest(rows, from).Where(positives.Contains).Take(4)
                .Any(to => IsBetween(Row(rows, from), at, Row(rows, to))));
            Assert.True(lies, $"seed {seed}: row {row} of {method} lies between no neighbours");
        }
    }

    [Fact]
    public void BorderlineSmote_OfTheSecondVariant_ReachesAtMostHalfWayToANegative()
    {
        const ulong Seed = 4;
        LabelledRows rows = RareRows.Make(Seed);
        LabelledRows made = RareRows.Apply(rows, "borderline_smote", 1, Seed, ("neighbours", 2), ("variant", 2)).Rows;
        int[] positives = [.. Enumerable.Range(0, rows.Count).Where(row => rows.Labels[row] > 0)];
        int towardsNegatives = 0;

        for (int row = rows.Count; row < made.Count; row++)
        {
            float[] at = Row(made, row);
            bool isPlain = positives.Any(from => Nearest(rows, from).Where(positives.Contains).Take(2)
                .Any(to => IsBetween(Row(rows, from), at, Row(rows, to))));
            bool isBold = positives.Any(from =>
            {
                float[] negative = Row(rows, Nearest(rows, from).First(near => rows.Labels[near] == 0));
                return IsBetween(Row(rows, from), at, [.. Row(rows, from).Zip(negative, static (x, y) => (x + y) / 2)]);
            });
            towardsNegatives += isBold ? 1 : 0;
            Assert.True(isPlain || isBold, $"seed {Seed}: row {row}");
        }

        // A third of the neighbours are negatives.
        Assert.InRange(towardsNegatives / (double)(made.Count - rows.Count), 0.2, 0.5);
    }

    [Fact]
    public void Smote_OfCategories_TakesTheCommonestAmongTheNeighbours()
    {
        // Five positives in a row: numbers 0 to 4, categories 1 1 0 2 2; negatives far off.
        LabelledRows rows = RareRows.From(
            [[0, 1], [1, 1], [2, 0], [3, 2], [4, 2], .. Enumerable.Range(0, 20).Select(static i => new[] { 90f + i, 3 })],
            [1, 1, 1, 1, 1, .. new int[20]]) with
        {
            Categories = [0, 4],
        };

        LabelledRows made = RareRows.Apply(rows, "smote", 1, seed: 3, ("neighbours", 2)).Rows;

        // The deviation is √2, which is how far two categories are apart: 0 is nearest to 1, then to 2.
        Matrix space = NeighbourSpace.Of(RareRows.Work(rows, "smote"), RareRows.Work(rows, "smote").Positives);
        Assert.Equal(1 + 2, Squares(space, 1, 2), 1e-5);
        Assert.Equal(1, Squares(space, 0, 1), 1e-5);
        Assert.Equal(15, made.Count - rows.Count);
        for (int row = rows.Count; row < made.Count; row++)
        {
            Assert.Contains(made.Dense[(row * 2) + 1], (float[])[0, 1, 2]);
            Assert.True(made.Dense[row * 2] > 0.7 || made.Dense[(row * 2) + 1] == 1, "1 is commonest at the low end");
            Assert.True(made.Dense[row * 2] < 3.3 || made.Dense[(row * 2) + 1] == 2, "2 is commonest at the high end");
        }

        static double Squares(Matrix space, int x, int y) =>
            space.Row(x).ToArray().Zip(space.Row(y).ToArray(), static (a, b) => (double)(a - b) * (a - b)).Sum();
    }

    [Fact]
    public void Smote_WithSparsePartsAndWeights_TakesThoseOfTheRowItBeginsFrom()
    {
        LabelledRows rows = RareRows.Make(seed: 5);
        rows = rows with { Weights = [.. Enumerable.Range(1, rows.Count).Select(static i => (float)i)] };

        LabelledRows made = RareRows.Apply(rows, "smote", 1, seed: 5).Rows;

        made.ThrowUnlessSound();
        for (int row = rows.Count; row < made.Count; row++)
        {
            int from = (int)made.Weights[row] - 1;
            Assert.Equal(1, rows.Labels[from]);
            Assert.Equal(
                rows.Columns[rows.Starts[from]..rows.Starts[from + 1]], made.Columns[made.Starts[row]..made.Starts[row + 1]]);
            Assert.Equal(
                rows.Values[rows.Starts[from]..rows.Starts[from + 1]], made.Values[made.Starts[row]..made.Starts[row + 1]]);
        }
    }

    // A category is the same whether a dense column numbers it or a sparse column stands for it, as hashed texts do; beside it
    // a bag of words, which stays that of the row that a new one begins from.
    [Theory]
    [InlineData("smote", 1)]
    [InlineData("borderline_smote", 2)]
    [InlineData("adasyn", 3)]
    public void Synthetic_OfSparseCategories_AreThoseOfDenseOnes(string method, ulong seed)
    {
        const int Most = 4;
        LabelledRows dense = RareRows.Make(seed, hasCategories: true);
        LabelledRows sparse = AsSparse(dense, Most);

        LabelledRows expected = RareRows.Apply(dense, method, 1, seed).Rows;
        LabelledRows made = RareRows.Apply(sparse, method, 2, seed).Rows;

        made.ThrowUnlessSound();
        Assert.Equal(expected.Count, made.Count);
        Assert.True(made.Count > dense.Count + 50);
        for (int row = 0; row < made.Count; row++)
        {
            Assert.Equal(Row(expected, row)[..2], Row(made, row));
            int[] columns = made.Columns[made.Starts[row]..made.Starts[row + 1]];
            int category = (int)Row(expected, row)[2];
            Assert.Equal(category == 0 ? [] : [category], columns.Where(static column => column < Most));
            Assert.Equal(
                expected.Columns[expected.Starts[row]..expected.Starts[row + 1]],
                columns.Where(static column => column >= Most).Select(static column => column - Most));
        }
    }

    [Fact]
    public void NeighbourSpace_OfMoreCategoriesThanFit_IsACodedFault()
    {
        const int Count = 20_000;
        LabelledRows rows = new()
        {
            DenseCount = 1,
            SparseCount = Count,
            Dense = new float[Count],
            Starts = [.. Enumerable.Range(0, Count + 1)],
            Columns = [.. Enumerable.Range(0, Count)],
            Values = [.. Enumerable.Repeat(1f, Count)],
            Labels = [.. Enumerable.Range(0, Count).Select(static row => row % 10 == 0 ? 1f : 0f)],
        };

        Fault("tomek_links", rows, "LRN058");
    }

    [Fact]
    public void Smote_OfOneOrTooFewPositives_IsACodedFault()
    {
        LabelledRows one = RareRows.From([[1], [2], [3], [4]], 1, 0, 0, 0);
        LabelledRows three = RareRows.From([[1], [2], [3], [4], [5], [6], [7]], 1, 1, 1, 0, 0, 0, 0);

        Assert.Contains("class_weight", Fault("smote", one, "LRN053").Remedy, StringComparison.Ordinal);
        Assert.Contains("'neighbours' to 2", Fault("adasyn", three, "LRN053").Remedy, StringComparison.Ordinal);
        Assert.Equal(8, RareRows.Apply(three, "smote", 1, 1, ("neighbours", 2)).Count);
    }

    [Fact]
    public void Methods_OfWhatTheyCannotMeasure_AreCodedFaults()
    {
        LabelledRows rows = RareRows.Make(seed: 6);
        LabelledRows missing = rows with { Dense = [.. rows.Dense] };
        missing.Dense[4] = float.NaN;
        LabelledRows bare = rows with { DenseCount = 0, Dense = [] };
        LabelledRows apart = RareRows.From(
            [[0], [0.1f], [0.2f], [0.3f], [99], [99.1f], [99.2f], [99.3f], [99.4f]], 1, 1, 1, 1, 0, 0, 0, 0, 0);
        LabelledRows amid = RareRows.From([[0], [1], [2], [3], [4]], 1, 0, 1, 0, 1);

        foreach (string method in (string[])["smote", "borderline_smote", "adasyn", "tomek_links", "edited_neighbours"])
        {
            Assert.Contains("dense column 1", Fault(method, missing, "LRN052", takesMissing: true).What, StringComparison.Ordinal);
            Fault(method, bare, "LRN052");
        }

        Fault("smote", rows with { Categories = [2, 2, 2] }, "LRN052");
        Fault("adasyn", apart, "LRN054", ("neighbours", 2));
        Fault("borderline_smote", apart, "LRN054", ("neighbours", 2), ("danger_neighbours", 2));
        Fault("edited_neighbours", amid, "LRN055", ("neighbours", 1));
        Fault("smote", rows with { Target = new RowTarget(RowTargetKind.Number) }, "LRN051");
        LabelledRows wide = rows with { DenseCount = 50_000_000 };
        Assert.Equal("LRN057", Assert.Throws<TandemException>(() => RareRows.Work(wide, "smote").MissingPositives()).Fault.Code);
    }

    [Fact]
    public void Smote_OfConstantRows_RepeatsThem()
    {
        LabelledRows rows = RareRows.From([.. Enumerable.Range(0, 9).Select(static _ => new[] { 2f, 2f })], 1, 1, 1, 0, 0, 0, 0, 0, 0);

        LabelledRows made = RareRows.Apply(rows, "smote", 1, 1, ("neighbours", 2)).Rows;

        Assert.Equal(12, made.Count);
        Assert.All(made.Dense, static value => Assert.Equal(2, value));
    }

    private static Fault Fault(
        string method, LabelledRows rows, string code, params (string Name, double Value)[] values) =>
        Fault(method, rows, code, takesMissing: false, values);

    private static Fault Fault(
        string method, LabelledRows rows, string code, bool takesMissing, params (string Name, double Value)[] values)
    {
        Fault fault = Assert.Throws<TandemException>(() => new ImbalanceChoice(method, RareRows.Named(values)).Apply(
            rows, static _ => throw new InvalidOperationException(), takesMissing, new FitContext(), default)).Fault;
        Assert.Equal(code, fault.Code);
        return fault;
    }

    /// <summary>The last dense column as a sparse field of its own, in which category 0 has no entry.</summary>
    private static LabelledRows AsSparse(LabelledRows rows, int most)
    {
        List<int> columns = [];
        List<float> values = [];
        List<int> starts = [0];
        for (int row = 0; row < rows.Count; row++)
        {
            for (int entry = rows.Starts[row]; entry < rows.Starts[row + 1]; entry++)
            {
                columns.Add(rows.Columns[entry] + most);
                values.Add(rows.Values[entry]);
            }

            if (Row(rows, row)[^1] is > 0 and var category)
            {
                columns.Add((int)category);
                values.Add(1);
            }

            starts.Add(columns.Count);
        }

        return rows with
        {
            DenseCount = 2,
            SparseCount = rows.SparseCount + most,
            Dense = [.. Enumerable.Range(0, rows.Count).SelectMany(row => Row(rows, row)[..2])],
            Categories = [],
            Fields = [0, 1, .. Enumerable.Repeat(2, most), .. Enumerable.Repeat(3, rows.SparseCount)],
            Starts = [.. starts],
            Columns = [.. columns],
            Values = [.. values],
        };
    }

    private static float[] Row(LabelledRows rows, int row) =>
        rows.Dense[(row * rows.DenseCount)..((row + 1) * rows.DenseCount)];

    private static IEnumerable<int> Nearest(LabelledRows rows, int query) =>
        Enumerable.Range(0, rows.Count).Where(row => row != query)
            .OrderBy(row => Row(rows, query).Zip(Row(rows, row), static (x, y) => ((double)x - y) * ((double)x - y)).Sum())
            .ThenBy(static row => row);

    /// <summary>True where a point lies on the way between two others; within what float32 rounds.</summary>
    private static bool IsBetween(float[] from, float[] at, float[] to)
    {
        double length = from.Zip(to, static (x, y) => ((double)y - x) * ((double)y - x)).Sum();
        double along = from.Zip(to, at).Sum(static each => ((double)each.Second - each.First) * ((double)each.Third - each.First));
        double step = length > 0 ? along / length : 0;
        double off = from.Zip(to, at).Max(
            each => Math.Abs(each.First + (step * ((double)each.Second - each.First)) - each.Third));
        return step is > -1e-5 and < 1 + 1e-5 && off < 1e-5;
    }

    private static void AssertMade(double[][] expected, TrainingRows made)
    {
        Assert.Equal(Rows.Count + expected.Length, made.Count);
        for (int i = 0; i < expected.Length; i++)
        {
            float[] row = Row(made.Rows, Rows.Count + i);

            // float32 holds numbers of this size to 6e-8.
            Assert.Equal(expected[i][0], row[0], 1e-7);
            Assert.Equal(expected[i][1], row[1], 1e-7);
        }
    }
}
