using Tandem.Lake;
using Tandem.Spec;

namespace Tandem.Features.Tests;

public sealed class TrainingSetDifferenceTests
{
    private static readonly DateTimeOffset Day = RandomHistory.Start.AddDays(3);

    [Fact]
    public void Of_TwoSets_CountsRowsLabelsAndValuesThatDiffer()
    {
        TrainingSet before = Set(Views(7), [("u1", 0, 1), ("u2", 1, 0), ("u3", 2, 0)], [1, 10, 2, float.NaN, 3, 30]);
        TrainingSet after = Set(Views(7), [("u2", 1, 1), ("u1", 0, 1), ("u4", 2, 0)], [2, 20, 1.5f, 14, 3, 30]);

        var difference = TrainingSetDifference.Of(before, after);

        Assert.Equal((2, 1, 1, 1), (difference.Shared, difference.OnlyBefore, difference.OnlyAfter, difference.Labels));
        Assert.Empty(difference.Views);
        Assert.Equal(
            [
                new ColumnDifference("user_play:plays", null, 1, 0, 0.5, 0.5),
                new ColumnDifference("user_play:seconds", null, 2, 1, 4, 4),
            ],
            difference.Columns);
        Assert.False(difference.IsNone);
    }

    [Fact]
    public void Of_AChangedDefinition_NamesTheViewWithBothVersions()
    {
        TrainingSet before = Set(Views(7), [("u1", 0, 1)], [1, 10]);
        TrainingSet after = Set(Views(6), [("u1", 0, 1)], [1, 10]);

        ViewDifference view = Assert.Single(TrainingSetDifference.Of(before, after).Views);

        Assert.Equal(
            new ViewDifference("user_play", before.Description.Views["user_play"], after.Description.Views["user_play"]),
            view with { Changes = null });
        Assert.Equal([new DefinitionChange("plays.window", "7d", "6d")], view.Changes);
        Assert.NotEqual(view.Before, view.After, StringComparer.Ordinal);
    }

    [Fact]
    public void Of_AViewThatOneSetHas_HasNoChangesOfDefinition()
    {
        TrainingSet before = Set(Views(7), [("u1", 0, 1)], [1, 10]);
        IReadOnlyList<FeatureView> views = FeatureView.CompileAll(TestSystem.Spec with
        {
            Features = new Dictionary<string, FeatureViewSpec>(StringComparer.Ordinal)
            {
                ["other"] = TestSystem.View("user", "play", TestSystem.Feature("plays", "count", null, null)),
            },
        });
        TrainingSet after = new(FeatureSet.Create(views), Spine([("u1", 0, 1)]), [1], 1, Day);

        Assert.All(TrainingSetDifference.Of(before, after).Views, static view => Assert.Null(view.Changes));
    }

    [Fact]
    public void Of_ASetWithItself_IsNone()
    {
        TrainingSet set = Set(Views(7), [("u1", 0, 1), ("u1", 0, 0)], [1, 10, float.NaN, 5]);

        Assert.True(TrainingSetDifference.Of(set, set).IsNone);
    }

    [Fact]
    public void Of_AFeatureThatOneSetHas_SaysWhich()
    {
        TrainingSet before = Set(Views(7), [("u1", 0, 1)], [1, 10]);
        IReadOnlyList<FeatureView> views = Views(7);
        TrainingSet after = new(
            FeatureSet.Create(views, ["user_play:plays"]), Spine([("u1", 0, 1)]), [1], 1, Day);

        IReadOnlyList<ColumnDifference> columns = TrainingSetDifference.Of(before, after).Columns;

        Assert.Equal([null, "before"], columns.Select(column => column.OnlyIn), StringComparer.Ordinal);
    }

    [Fact]
    public void Summary_OfASet_GivesItsFigures()
    {
        float[] values = [.. Enumerable.Range(1, 40).SelectMany(n => new[] { n, n % 4 == 0 ? float.NaN : 7 })];
        TrainingSet set = Set(
            Views(7), [.. Enumerable.Range(1, 40).Select(n => ($"u{n}", n, n <= 10 ? 1f : 0f))], values);

        var summary = TrainingSetSummary.Of(set);

        Assert.Equal((set.Hash, 0.25), (summary.Hash, summary.LabelRate));
        Assert.Equal((Day.AddMinutes(1), Day.AddMinutes(40)), (summary.First, summary.Last));
        Assert.Equal(
            [
                new ColumnSummary("user_play:plays", 0, 20.5, 2, 20, 38),
                new ColumnSummary("user_play:seconds", 0.25, 7, 7, 7, 7),
            ],
            summary.Columns);
    }

    private static IReadOnlyList<FeatureView> Views(int days) => FeatureView.CompileAll(TestSystem.Spec with
    {
        Features = new Dictionary<string, FeatureViewSpec>(StringComparer.Ordinal)
        {
            ["user_play"] = TestSystem.View(
                "user", "play",
                TestSystem.Feature("plays", "count", null, TimeSpan.FromDays(days)),
                TestSystem.Feature("seconds", "sum", "seconds", null)),
        },
    });

    private static TrainingSet Set(
        IReadOnlyList<FeatureView> views, (string User, int Minute, float Label)[] rows, float[] values) =>
        new(FeatureSet.Create(views), Spine(rows), values, 1, Day);

    private static Spine Spine((string User, int Minute, float Label)[] rows) => new()
    {
        Entities = ["user"],
        Ids = [[.. rows.Select(row => row.User)]],
        Times = [.. rows.Select(row => LakeTime.ToMicros(Day.AddMinutes(row.Minute)))],
        Labels = [.. rows.Select(row => row.Label)],
    };
}
