using Tandem.Learning.Trees;
using Tandem.Numerics;

namespace Tandem.Learning.Tests.Trees;

public sealed class BoostedTreesModelTests : RowScorerConformance
{
    protected override string KindName => "boosted_trees";

    // A hundred trees know the thousand rows that they were fitted on too well: the shift meets overconfident scores.
    protected override double RateTolerance => 0.06;

    public static TheoryData<RowTargetKind> Targets => [.. Enum.GetValues<RowTargetKind>()];

    [Theory]
    [MemberData(nameof(Targets))]
    public void ScoreRows_EqualsANaiveWalk(RowTargetKind kind)
    {
        LabelledRows rows = TreeRows.Of(kind, seed: 21, count: 900);
        var model = (BoostedTreesModel)Fit(rows, 1, ("trees", 15), ("leaves", kind == RowTargetKind.Number ? 60 : 12));

        float[] scores = TreeRows.Score(model, rows);

        int outputs = rows.Target.OutputCount;
        Assert.True(model.TreeCount >= 10);
        for (int row = 0; row < rows.Count; row++)
        {
            double[] walked = TreeRows.Walk(model, rows, row);
            for (int output = 0; output < outputs; output++)
            {
                // Sums of 15 float32 numbers in another order.
                Assert.Equal(walked[output], scores[(row * outputs) + output], 1e-4 * Math.Max(1, Math.Abs(walked[output])));
            }
        }

        Assert.True(scores.Distinct().Count() > 10);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Fit_WithOneAndTwoThreads_GivesTheSameBytesForEveryTarget(RowTargetKind kind)
    {
        LabelledRows rows = TreeRows.Of(kind, seed: 22, count: 20_000);
        (string, double)[] settings = [("trees", 3), ("row_share", 0.7), ("column_share", 0.8), ("validation_share", 0.2)];

        Assert.Equal(SmallWorld.Save(Fit(rows, 1, settings)), SmallWorld.Save(Fit(rows, 2, settings)));
    }

    [Fact]
    public void Fit_OfManyRows_GivesTheSameBytesForAnyThreads()
    {
        LabelledRows rows = TreeRows.Of(RowTargetKind.Binary, seed: 23, count: 70_000);

        byte[] one = SmallWorld.Save(Fit(rows, 1, ("trees", 3)));

        Assert.Equal(one, SmallWorld.Save(Fit(rows, 2, ("trees", 3))));
    }

    [Theory]
    [InlineData("trees", 4)]
    [InlineData("learning_rate", 0.5)]
    [InlineData("leaves", 4)]
    [InlineData("depth", 2)]
    [InlineData("depth_wise", 1)]
    [InlineData("min_rows", 200)]
    [InlineData("min_weight", 60)]
    [InlineData("regularisation", 50)]
    [InlineData("min_gain", 20)]
    [InlineData("row_share", 0.5)]
    [InlineData("column_share", 0.4)]
    [InlineData("bins", 4)]
    [InlineData("validation_share", 0.3)]
    public void Fit_WithEachSetting_GivesAnotherModel(string name, double value)
    {
        LabelledRows rows = TreeRows.Of(RowTargetKind.Binary, seed: 24, count: 1000);

        byte[] plain = SmallWorld.Save(Fit(rows, 1, ("trees", 8)));

        (string, double)[] settings = name == "trees" ? [(name, value)] : [("trees", 8), (name, value)];
        Assert.NotEqual(plain, SmallWorld.Save(Fit(rows, 1, settings)));
    }

    [Fact]
    public void Fit_KeepsLeavesDepthAndRowsWithinTheirBounds()
    {
        LabelledRows rows = TreeRows.Of(RowTargetKind.Binary, seed: 25, count: 3000);

        Forest deep = ((BoostedTreesModel)Fit(rows, 1, ("trees", 10), ("leaves", 9), ("min_rows", 37))).Trees;
        Forest flat = ((BoostedTreesModel)Fit(rows, 1, ("trees", 10), ("depth", 3), ("depth_wise", 1))).Trees;

        for (int tree = 0; tree < deep.TreeCount; tree++)
        {
            Assert.True(deep.Columns[deep.Starts[tree]..deep.Starts[tree + 1]].Count(static column => column < 0) <= 9);
            Assert.True(flat.Columns[flat.Starts[tree]..flat.Starts[tree + 1]].Count(static column => column < 0) <= 8);
            int[] counts = new int[deep.Starts[tree + 1]];
            for (int row = 0; row < rows.Count; row++)
            {
                counts[TreeRows.LeafOf(deep, tree, rows, row)]++;
            }

            Assert.All(counts, static count => Assert.True(count is 0 or >= 37, $"{count} rows"));
        }
    }

    /// <summary>One split of few rows: found by trying all of them on unrounded derivatives.</summary>
    [Fact]
    public void Fit_OfOneSplit_FindsTheBestOfAll()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            LabelledRows rows = TreeRows.Of(RowTargetKind.Number, seed, 120);
            IRowScorer model = Fit(
                rows, 1, ("trees", 1), ("leaves", 2), ("learning_rate", 1), ("min_rows", 5), ("regularisation", 0));

            double mean = rows.Labels.Average();
            double best = 0;
            for (int at = 0; at < rows.Dense.Length; at++)
            {
                float threshold = float.IsNaN(rows.Dense[at]) ? float.MaxValue : rows.Dense[at];
                best = Math.Max(best, Gain(rows, at % TreeRows.Dense, threshold, sendsMissingLeft: false, mean));
                best = Math.Max(best, Gain(rows, at % TreeRows.Dense, threshold, sendsMissingLeft: true, mean));
            }

            double found = rows.Labels.Sum(label => Math.Pow(label - mean, 2)) / 2;
            found -= rows.Labels.Zip(
                TreeRows.Score(model, rows), static (label, score) => Math.Pow(label - (double)score, 2)).Sum() / 2;

            // Derivatives are rounded to some 20 bits before a split is chosen.
            Assert.True(found > best * 0.9999, $"seed {seed}: {found} of {best}");
        }
    }

    [Fact]
    public void Fit_ByMissingValuesAlone_LearnsWhereTheyGo()
    {
        LabelledRows some = TreeRows.Of(RowTargetKind.Number, seed: 26, count: 800);
        LabelledRows rows = some with
        {
            Labels = [.. Enumerable.Range(0, some.Count).Select(row => float.IsNaN(some.Dense[row * TreeRows.Dense]) ? 5f : 1f)],
        };
        LabelledRows constant = rows with { Dense = [.. rows.Dense.Select(static x => float.IsNaN(x) ? x : 2f)] };

        foreach (LabelledRows given in (LabelledRows[])[rows, constant])
        {
            float[] scores = TreeRows.Score(Fit(given, 1, ("trees", 200), ("regularisation", 0)), given);

            Assert.All(scores.Zip(rows.Labels), static pair => Assert.Equal(pair.Second, pair.First, 1e-3));
        }
    }

    [Fact]
    public void Fit_OfThousandsOfOneHotColumns_BundlesThem()
    {
        const int Rows = 4000;
        SeededRandom random = new(27);
        int[] columns = new int[2 * Rows];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = i % 2 == 0 ? random.NextInt(100) : 100 + random.NextInt(900);
        }

        LabelledRows rows = new()
        {
            DenseCount = 0,
            SparseCount = 1000,
            Dense = [],
            Starts = [.. Enumerable.Range(0, Rows + 1).Select(static row => 2 * row)],
            Columns = columns,
            Values = [.. columns.Select(static _ => 1f)],
            Labels = [.. Enumerable.Range(0, Rows).Select(row => columns[2 * row] % 3 == 0 ? 1f : 0f)],
        };
        BoostedTreesOptions options = new() { MinRows = 2, Trees = 60 };
        FitContext context = new() { ThreadCount = 1 };

        var binned = BinnedRows.Make(rows, options, context, CancellationToken.None);
        BoostedTreesModel model = BoostedTrees.Fit(rows, options, context);

        Assert.True(binned.Slots.Length < 12, $"{binned.Slots.Length} columns of bytes");
        Assert.All(binned.Columns, bins => Assert.DoesNotContain(Enumerable.Range(0, Rows), row =>
        {
            bool holds = columns[2 * row] == bins.Column || columns[(2 * row) + 1] == bins.Column;
            return holds != (bins.FromSlot(binned.Slots[bins.Slot][row]) == 1);
        }));

        Assert.InRange(RowEvaluation.Measure(RowScores.Of(model, rows), "roc_auc"), 0.95, 1);
    }

    [Fact]
    public void Save_OfTargetsAndQuantiles_KeepsThem()
    {
        LabelledRows rows = TreeRows.Of(RowTargetKind.Quantile, seed: 28, count: 300);
        IRowScorer model = Fit(rows, 1, ("trees", 4));

        IRowScorer loaded = ModelCatalogue.Default.FindRows(KindName).Load(new MemoryStream(SmallWorld.Save(model)));

        Assert.Equal(rows.Target.Quantiles, loaded.Target.Quantiles);
        Assert.Equal(TreeRows.Score(model, rows), TreeRows.Score(loaded, rows));

        // The file holds these numbers: they are frozen.
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], Enum.GetValues<RowTargetKind>().Select(static kind => (int)kind));
    }

    private static double Gain(LabelledRows rows, int column, float threshold, bool sendsMissingLeft, double mean)
    {
        double[] sums = new double[2];
        int[] counts = new int[2];
        for (int row = 0; row < rows.Count; row++)
        {
            float x = rows.Dense[(row * rows.DenseCount) + column];
            int side = (float.IsNaN(x) ? sendsMissingLeft : x <= threshold) ? 0 : 1;
            sums[side] += rows.Labels[row] - mean;
            counts[side]++;
        }

        return counts.Min() < 5 ? 0 : 0.5 * ((sums[0] * sums[0] / counts[0]) + (sums[1] * sums[1] / counts[1]));
    }
}
