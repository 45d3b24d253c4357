using Tandem.Faults;
using Tandem.Learning.Trees;
using Tandem.Numerics;

namespace Tandem.Learning.Tests.Trees;

/// <summary>What the settings beyond the catalogue do, and what bad data meet.</summary>
public sealed class BoostedTreesTests
{
    private static readonly FitContext OneThread = new() { ThreadCount = 1 };

    [Fact]
    public void Fit_OfCategories_PartsThemBySets()
    {
        // Odd categories are high: no threshold parts them.
        // Setting by setting, another model: some categories are rare, and their order depends on the smoothing.
        LabelledRows uneven = TreeRows.Of(RowTargetKind.Number, seed: 40, count: 600) with { Categories = [9, 9, 0, 0, 0] };
        for (int i = 0; i < uneven.Dense.Length; i += TreeRows.Dense)
        {
            uneven.Dense[i] = MathF.Floor(2 * MathF.Abs(uneven.Dense[i]));
            uneven.Dense[i + 1] = MathF.Floor(2 * MathF.Abs(uneven.Dense[i + 1]));
        }

        BoostedTreesOptions plain = new() { Trees = 10, MinRows = 2 };
        byte[] bytes = SmallWorld.Save(BoostedTrees.Fit(uneven, plain, OneThread));
        foreach (BoostedTreesOptions other in (BoostedTreesOptions[])
            [
                plain with { SetCategories = 1 }, plain with { CategorySmoothing = 300 },
                plain with { CategoryRegularisation = 0 },
            ])
        {
            Assert.NotEqual(bytes, SmallWorld.Save(BoostedTrees.Fit(uneven, other, OneThread)));
        }

        SeededRandom random = new(41);
        float[] dense = new float[3000];
        for (int row = 0; row < dense.Length; row++)
        {
            dense[row] = random.NextInt(20);
        }

        LabelledRows numbers = TreeRows.From(
            dense, 1, dense.Select(static category => category % 2), new RowTarget(RowTargetKind.Number));
        LabelledRows rows = numbers with { Categories = [20] };
        BoostedTreesOptions options = new()
        {
            Trees = 1,
            LearningRate = 1,
            Leaves = 2,
            Regularisation = 0,
            CategoryRegularisation = 0,
        };

        BoostedTreesModel model = BoostedTrees.Fit(rows, options, OneThread);

        Assert.Equal(1, model.TreeCount);
        Assert.All(
            TreeRows.Score(model, rows).Zip(rows.Labels), static pair => Assert.Equal(pair.Second, pair.First, 1e-4));
        float[] unknown = [.. Enumerable.Repeat(float.NaN, 3), -1, 20, 1e9f];
        float[] scores = TreeRows.Score(model, TreeRows.From(unknown, 1, unknown.Select(static _ => 0f), rows.Target));
        Assert.Single(scores.Distinct());
        Assert.NotEqual(
            SmallWorld.Save(model),
            SmallWorld.Save(BoostedTrees.Fit(rows, options with { SetCategories = 3 }, OneThread)));
    }

    [Fact]
    public void Fit_WithDirections_OnlyRisesOrFalls()
    {
        SeededRandom random = new(42);
        float[] dense = new float[2 * 2000];
        for (int i = 0; i < dense.Length; i++)
        {
            dense[i] = (float)random.NextGaussian();
        }

        LabelledRows rows = TreeRows.From(
            dense, 2, Enumerable.Range(0, 2000).Select(row => MathF.Sin(3 * dense[2 * row]) + dense[2 * row] - dense[(2 * row) + 1]),
            new RowTarget(RowTargetKind.Number));
        BoostedTreesModel model = BoostedTrees.Fit(
            rows with { Directions = [1, -1] }, new BoostedTreesOptions(), OneThread);
        BoostedTreesModel free = BoostedTrees.Fit(rows, new BoostedTreesOptions(), OneThread);

        Assert.Equal(0, Falls(model, 0, 1));
        Assert.Equal(0, Falls(model, 1, -1));
        Assert.True(Falls(free, 0, 1) > 0);
    }

    [Theory]
    [InlineData("logistic", RowTargetKind.Binary, "LRN074")]
    [InlineData("boosted_trees", RowTargetKind.Multiclass, "LRN075")]
    [InlineData("boosted_trees", RowTargetKind.Quantile, "LRN075")]
    public void Fit_WithDirectionsThatAreNotKept_IsACodedFault(string kind, RowTargetKind target, string code)
    {
        LabelledRows rows = TreeRows.Of(target, seed: 3, count: 100) with { Directions = [0, 1, 0, 0, 0] };
        rows = rows with { Dense = [.. rows.Dense.Select(static value => float.IsNaN(value) ? 0 : value)] };

        Assert.Equal(code, Assert.Throws<TandemException>(() => ModelCatalogue.Default.FindRows(kind).Fit(
            TrainingRows.FromLabelledRows(rows), new Dictionary<string, double>(StringComparer.Ordinal), OneThread,
            CancellationToken.None)).Fault.Code);
    }

    [Fact]
    public void Fit_FromAFormerModel_GoesOn()
    {
        LabelledRows rows = TreeRows.Of(RowTargetKind.Binary, seed: 43, count: 2000);
        BoostedTreesOptions options = new() { Trees = 10 };

        BoostedTreesModel former = BoostedTrees.Fit(rows, options, OneThread);
        BoostedTreesModel model = BoostedTrees.Fit(rows, options, OneThread, former);
        BoostedTreesModel whole = BoostedTrees.Fit(rows, options with { Trees = 20 }, OneThread);

        Assert.Equal(20, model.TreeCount);
        Assert.Equal(LossOf(whole), LossOf(model), 0.01);
        Assert.True(LossOf(model) < LossOf(former));
        Assert.Equal(former.Trees.Values, model.Trees.Values[..former.Trees.Values.Length]);
        LabelledRows other = rows with { DenseCount = 0, Dense = [] };
        Assert.Equal(
            "LRN044", Assert.Throws<TandemException>(() => BoostedTrees.Fit(other, options, OneThread, former)).Fault.Code);

        double LossOf(BoostedTreesModel of) => TreeRows.Score(of, rows)
            .Zip(rows.Labels, static (score, label) => Math.Log(1 + Math.Exp(label > 0 ? -score : score))).Average();
    }

    [Fact]
    public void Gains_AreOfTheColumnsThatMatter()
    {
        LabelledRows rows = TreeRows.Of(RowTargetKind.Binary, seed: 44, count: 4000);

        double[] gains = BoostedTrees.Fit(rows, new BoostedTreesOptions { Trees = 20 }, OneThread).Gains();

        Assert.Equal(TreeRows.Dense, gains.Length);
        Assert.True(gains[0] > 5 * gains[3] && gains[1] > 2 * gains[4]);
    }

    [Fact]
    public void Fit_WithHeldBackRows_StopsBeforeItOverfits()
    {
        LabelledRows rows = TreeRows.Of(RowTargetKind.Number, seed: 45, count: 1500);
        BoostedTreesOptions options = new() { Trees = 400, LearningRate = 0.3, ValidationShare = 0.3, Patience = 1 };

        BoostedTreesModel model = BoostedTrees.Fit(rows, options, OneThread);

        Assert.InRange(model.TreeCount, 1, 100);
        Assert.Equal(400, BoostedTrees.Fit(rows, options with { ValidationShare = 0 }, OneThread).TreeCount);
    }

    [Fact]
    public void Fit_OfQuantiles_CoversSoManyLabels()
    {
        LabelledRows rows = TreeRows.Of(RowTargetKind.Quantile, seed: 46, count: 6000);
        LabelledRows later = TreeRows.Of(RowTargetKind.Quantile, seed: 47, count: 6000);

        float[] scores = TreeRows.Score(BoostedTrees.Fit(rows, new BoostedTreesOptions(), OneThread), later);

        for (int i = 0; i < 3; i++)
        {
            // The standard error of a share of 6,000 rows is at most 0.0065; trees are fitted closer than that allows.
            double below = Enumerable.Range(0, later.Count).Average(row => later.Labels[row] <= scores[(row * 3) + i] ? 1.0 : 0);
            Assert.Equal(later.Target.Quantiles[i], below, 0.05);
        }

        Assert.All(Enumerable.Range(0, later.Count), row =>
            Assert.True(scores[row * 3] <= scores[(row * 3) + 1] && scores[(row * 3) + 1] <= scores[(row * 3) + 2]));
    }

    [Fact]
    public void Fit_OfCounts_FindsTheirMean()
    {
        LabelledRows rows = TreeRows.Of(RowTargetKind.Count, seed: 48, count: 6000);

        float[] scores = TreeRows.Score(BoostedTrees.Fit(rows, new BoostedTreesOptions(), OneThread), rows);

        Assert.Equal(rows.Labels.Average(), scores.Average(static score => Math.Exp(score)), 0.02);
    }

    [Fact]
    public void Fit_ByPairs_OrdersGroupsToo()
    {
        LabelledRows rows = TreeRows.Of(RowTargetKind.Order, seed: 49, count: 2400);
        BoostedTreesOptions options = new() { Trees = 30 };

        foreach (BoostedTreesOptions each in (BoostedTreesOptions[])
            [options, options with { Pairwise = true }, options with { Truncation = 1 }])
        {
            float[] scores = TreeRows.Score(BoostedTrees.Fit(rows, each, OneThread), rows);
            double right = Enumerable.Range(1, rows.Count - 1)
                .Where(row => rows.Groups[row] == rows.Groups[row - 1] && rows.Labels[row] != rows.Labels[row - 1])
                .Average(row => scores[row] > scores[row - 1] == rows.Labels[row] > rows.Labels[row - 1] ? 1.0 : 0);
            Assert.True(right > 0.8, $"{each}: {right} of the pairs");
        }

        Assert.Equal("LRN041", Assert.Throws<TandemException>(() => BoostedTrees.Fit(
            rows with { Groups = [] }, options, OneThread)).Fault.Code);
    }

    [Fact]
    public void Fit_OfHeavyRows_EqualsThoseRowsTwice()
    {
        LabelledRows rows = TreeRows.Of(RowTargetKind.Number, seed: 50, count: 500);
        int[] twice = [.. Enumerable.Range(0, 500).SelectMany(static row => row % 2 == 0 ? (int[])[row, row] : [row])];
        BoostedTreesOptions options = new() { Trees = 5, MinRows = 1, Leaves = 6, MinWeight = 20 };

        float[] heavy = TreeRows.Score(
            BoostedTrees.Fit(
                rows with { Weights = [.. Enumerable.Range(0, 500).Select(static row => row % 2 == 0 ? 2f : 1f)] }, options,
                OneThread),
            rows);
        float[] repeated = TreeRows.Score(BoostedTrees.Fit(rows.Take(twice), options, OneThread), rows);

        // Derivatives are rounded before splits are chosen, differently for the two.
        Assert.All(heavy.Zip(repeated), static pair => Assert.Equal(pair.Second, pair.First, 1e-3));
    }

    public static TheoryData<RowTargetKind> Targets => [.. Enum.GetValues<RowTargetKind>()];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Fit_OfOddRows_IsAModelWithFiniteScoresOrACodedFault(RowTargetKind kind)
    {
        for (ulong seed = 1; seed <= 60; seed++)
        {
            SeededRandom random = new(seed, stream: (ulong)kind);
            int count = 1 + (random.NextInt(3) * random.NextInt(60));
            LabelledRows rows = TreeRows.Of(kind, seed, count);
            float[] odd = [0, float.NaN, float.MaxValue, float.MinValue, float.Epsilon, 1e30f, -1e-30f, 3];
            for (int i = 0; i < rows.Dense.Length; i++)
            {
                rows.Dense[i] = random.NextInt(3) == 0 ? odd[random.NextInt(odd.Length)] : rows.Dense[i];
            }

            int missing = random.NextInt(TreeRows.Dense);
            for (int row = 0; row < count; row++)
            {
                rows.Dense[(row * TreeRows.Dense) + missing] = float.NaN;
            }

            if (random.NextInt(4) == 0)
            {
                rows.Labels.AsSpan().Fill(kind is RowTargetKind.Number or RowTargetKind.Quantile ? 1e37f : 1);
            }

            try
            {
                IRowScorer model = ModelCatalogue.Default.FindRows("boosted_trees").Fit(
                    rows with { Categories = [0, 5, 0, 1_000_000, 0] },
                    new Dictionary<string, double>(StringComparer.Ordinal)
                    {
                        ["min_rows"] = 1,
                        ["trees"] = 5,
                        ["leaves"] = 5,
                        ["validation_share"] = random.NextInt(2) * 0.3,
                        ["regularisation"] = random.NextInt(2),
                    },
                    OneThread, CancellationToken.None);
                Assert.True(
                    TreeRows.Score(model, rows).All(float.IsFinite), $"seed {seed}: a score is not finite");
            }
            catch (TandemException fault)
            {
                Assert.StartsWith("LRN0", fault.Fault.Code, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Fit_OfAMillionCategories_IsAModel()
    {
        const int Rows = 1_000_000;
        float[] dense = [.. Enumerable.Range(0, Rows).Select(static row => (float)row)];
        LabelledRows rows = TreeRows.From(
            dense, 1, Enumerable.Range(0, Rows).Select(static row => row % 3 == 0 ? 1f : 0f), RowTarget.Binary);

        BoostedTreesModel model = BoostedTrees.Fit(rows with { Categories = [Rows] }, new BoostedTreesOptions { Trees = 2 }, OneThread);

        Assert.True(TreeRows.Score(model, rows).All(float.IsFinite));
    }

    [Fact]
    public void Fit_OfMoreThanFitsInMemory_IsACodedFault()
    {
        LabelledRows rows = TreeRows.Of(RowTargetKind.Binary, seed: 51, count: 200_000);

        Assert.Equal("LRN043", Assert.Throws<TandemException>(() => BoostedTrees.Fit(
            rows, new BoostedTreesOptions { MemoryMb = 1 }, OneThread)).Fault.Code);
    }

    [Fact]
    public void ScoreRows_OfInfiniteValues_IsFinite()
    {
        LabelledRows rows = TreeRows.Of(RowTargetKind.Binary, seed: 52, count: 500);
        BoostedTreesModel model = BoostedTrees.Fit(rows, new BoostedTreesOptions(), OneThread);
        float[] odd = [.. Enumerable.Range(0, 5 * TreeRows.Dense).Select(static i =>
            i % 3 == 0 ? float.PositiveInfinity : i % 3 == 1 ? float.NegativeInfinity : float.NaN)];

        float[] scores = TreeRows.Score(
            model, TreeRows.From(odd, TreeRows.Dense, Enumerable.Repeat(0f, 5), RowTarget.Binary));

        Assert.True(scores.All(float.IsFinite));
    }

    /// <summary>How often the score falls although the column moves in its direction.</summary>
    private static int Falls(BoostedTreesModel model, int column, int direction)
    {
        int falls = 0;
        for (int line = 0; line < 20; line++)
        {
            float[] dense = new float[2 * 200];
            for (int step = 0; step < 200; step++)
            {
                dense[(2 * step) + column] = -3 + (step * 0.03f);
                dense[(2 * step) + 1 - column] = -2 + (line * 0.2f);
            }

            float[] scores = TreeRows.Score(
                model, TreeRows.From(dense, 2, Enumerable.Repeat(0f, 200), new RowTarget(RowTargetKind.Number)));
            falls += Enumerable.Range(1, 199).Count(step => direction * (scores[step] - scores[step - 1]) < -1e-5);
        }

        return falls;
    }
}
