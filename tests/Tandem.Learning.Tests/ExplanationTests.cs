using Tandem.Faults;
using Tandem.Learning.Tests.Trees;

namespace Tandem.Learning.Tests;

public sealed class ExplanationTests
{
    private static readonly string[] Names = ["one", "two", "three"];

    // Five columns of three features.
    private static readonly int[] FeatureOfDense = [0, 0, 1, 2, 2];

    [Theory]
    [InlineData("boosted_trees")]
    [InlineData("logistic")]
    public void Of_SumsToTheScore_AndTheColumnsOfAFeatureCountTogether(string kind)
    {
        LabelledRows rows = Rows(kind == "boosted_trees");
        IRowScorer model = Fit(kind, rows);
        float[] scores = TreeRows.Score(model, rows);

        for (int row = 0; row < 20; row++)
        {
            double[] columns = new double[TreeRows.Dense + 1];
            ((IExplainedScorer)model).Explain(
                rows.Features, row, [.. Enumerable.Range(0, TreeRows.Dense)], [], columns);
            Explanation found = Assert.Single(Explain(model, rows, row, most: 3));

            // The score is a sum of float32 numbers.
            Assert.Equal(scores[row], found.Margin, 1e-4);
            Assert.Equal(found.Margin, found.Base + found.Rest + found.Contributions.Sum(static each => each.Value), 1e-9);
            Assert.Equal(0, found.Rest);
            Assert.Equal(columns[0] + columns[1], Of(found, "one"), 1e-9);
            Assert.Equal(columns[2], Of(found, "two"), 1e-9);
            Assert.Equal(columns[3] + columns[4], Of(found, "three"), 1e-9);
            Assert.Equal(
                found.Contributions.Select(static each => Math.Abs(each.Value)).OrderDescending(),
                found.Contributions.Select(static each => Math.Abs(each.Value)));
        }
    }

    [Fact]
    public void Of_NamesSoManyFeatures_AndSumsTheOthers()
    {
        LabelledRows rows = Rows(hasMissing: true);
        IRowScorer model = Fit("boosted_trees", rows);
        Explanation whole = Explain(model, rows, 0, most: 3)[0];

        Explanation cut = Explain(model, rows, 0, most: 1)[0];

        Assert.Equal(whole.Contributions.Take(1), cut.Contributions);
        Assert.Equal(whole.Contributions.Skip(1).Sum(static each => each.Value), cut.Rest, 1e-12);
        Assert.Equal(whole.Margin, cut.Margin, 1e-12);
    }

    [Fact]
    public void Of_AnAdjustedModel_AddsTheShiftToTheBase_AndIsBeforeTheMap()
    {
        LabelledRows rows = Rows(hasMissing: true);
        IRowScorer plain = Fit("boosted_trees", rows);
        AdjustedScorer shifted = new(plain, -1.5, focalGamma: 0);
        IRowScorer mapped = AdjustedScorer.Calibrate(shifted, Calibrator.Fit(RowScores.Of(shifted, rows), "platt"));

        Explanation before = Explain(plain, rows, 4, most: 3)[0];

        foreach (IRowScorer scorer in (IRowScorer[])[shifted, mapped])
        {
            Explanation after = Explain(scorer, rows, 4, most: 3)[0];
            Assert.Equal(before.Contributions, after.Contributions);
            Assert.Equal(before.Base - 1.5, after.Base, 1e-9);
            Assert.Equal(before.Margin - 1.5, after.Margin, 1e-9);
        }

        Assert.NotEqual(TreeRows.Score(shifted, rows)[4], TreeRows.Score(mapped, rows)[4]);
    }

    [Fact]
    public void Of_Classes_ExplainsEachLogit()
    {
        LabelledRows rows = TreeRows.Of(RowTargetKind.Multiclass, seed: 5, count: 400);
        IRowScorer model = Fit("boosted_trees", rows);
        float[] scores = TreeRows.Score(model, rows);

        IReadOnlyList<Explanation> found = Explain(model, rows, 7, most: 3);

        Assert.Equal(3, found.Count);
        for (int i = 0; i < found.Count; i++)
        {
            Assert.Equal(scores[(7 * 3) + i], found[i].Margin, 1e-4);
        }
    }

    [Fact]
    public void Of_AKindThatDoesNotExplain_IsACodedFault()
    {
        LabelledRows rows = Rows(hasMissing: false);
        IRowScorer model = Fit("ftrl", rows);

        Assert.Equal("LRN073", Assert.Throws<TandemException>(() => Explain(model, rows, 0, most: 3)).Fault.Code);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(2500)]
    public void Measure_GivesTheMeanOfWhatFeaturesAdd(int count)
    {
        LabelledRows rows = TreeRows.Of(RowTargetKind.Binary, seed: 9, count);
        IRowScorer model = Fit("boosted_trees", rows);
        int explained = Math.Min(count, 1000);

        IReadOnlyList<FeatureImportance> found = Importance.Measure(
            model, rows, Names, FeatureOfDense, [], new FitContext { ThreadCount = 2 });

        for (int feature = 0; feature < Names.Length; feature++)
        {
            double expected = Enumerable.Range(0, explained).Average(i => Math.Abs(
                Of(Explain(model, rows, (int)((long)i * count / explained), most: 3)[0], Names[feature])));
            Assert.Equal(expected, found[feature].Contribution!.Value, 1e-9);
        }

        // The label is of the first three columns.
        Assert.True(found[0].Contribution > found[2].Contribution);
    }

    [Fact]
    public void Measure_OfAKindThatDoesNotExplain_SaysNothingOfIt()
    {
        LabelledRows rows = Rows(hasMissing: false);

        Assert.All(
            Importance.Measure(
                Fit("ftrl", rows), rows, Names, FeatureOfDense, [], new FitContext { ThreadCount = 1 }),
            static each => Assert.Null(each.Contribution));
    }

    private static IReadOnlyList<Explanation> Explain(IRowScorer model, LabelledRows rows, int row, int most) =>
        Explanation.Of(model, rows.Features, row, Names, FeatureOfDense, [], most);

    private static double Of(Explanation explanation, string feature) =>
        explanation.Contributions.SingleOrDefault(each => each.Feature == feature)?.Value ?? 0;

    private static IRowScorer Fit(string kind, LabelledRows rows) => ModelCatalogue.Default.FindRows(kind).Fit(
        TrainingRows.FromLabelledRows(rows), new Dictionary<string, double>(StringComparer.Ordinal), new FitContext { ThreadCount = 1 },
        CancellationToken.None);

    private static LabelledRows Rows(bool hasMissing)
    {
        LabelledRows rows = TreeRows.Of(RowTargetKind.Binary, seed: 77, count: 500);
        return hasMissing
            ? rows
            : rows with { Dense = [.. rows.Dense.Select(static value => float.IsNaN(value) ? 0 : value)] };
    }
}
