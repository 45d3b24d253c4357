namespace Tandem.Learning.Tests;

public sealed class LabelledRowsTests
{
    [Fact]
    public void Take_KeepsHeadsGroupsAndWeightsWithTheirRows()
    {
        LabelledRows rows = new()
        {
            DenseCount = 1,
            SparseCount = 3,
            Dense = [10, 11, 12],
            Starts = [0, 1, 1, 3],
            Columns = [2, 0, 1],
            Values = [0.5f, 0.25f, 0.125f],
            Target = new RowTarget(RowTargetKind.Multilabel) { Classes = 2 },
            Labels = [0, 1, 1, 0, 1, 1],
            Groups = [4, 4, 7],
            Weights = [1, 2, 3],
        };

        LabelledRows taken = rows.Take([2, 0]);

        Assert.Equal(2, taken.Count);
        Assert.Equal([12f, 10f], taken.Dense);
        Assert.Equal([0, 2, 3], taken.Starts);
        Assert.Equal([0, 1, 2], taken.Columns);
        Assert.Equal([0.25f, 0.125f, 0.5f], taken.Values);
        Assert.Equal([1f, 1, 0, 1], taken.Labels);
        Assert.Equal([7, 4], taken.Groups);
        Assert.Equal([3f, 1], taken.Weights);
    }

    [Theory]
    [InlineData(RowTargetKind.Binary, 2, false)]
    [InlineData(RowTargetKind.Multiclass, 2, true)]
    [InlineData(RowTargetKind.Multiclass, 3, false)]
    [InlineData(RowTargetKind.Multiclass, 1.5, false)]
    [InlineData(RowTargetKind.Multilabel, 2, false)]
    [InlineData(RowTargetKind.Number, -2.5, true)]
    [InlineData(RowTargetKind.Number, float.NaN, false)]
    [InlineData(RowTargetKind.Count, -1, false)]
    [InlineData(RowTargetKind.Count, 2.5, true)]
    [InlineData(RowTargetKind.Quantile, float.PositiveInfinity, false)]
    [InlineData(RowTargetKind.Order, 30, true)]
    [InlineData(RowTargetKind.Order, 31, false)]
    public void Takes_OnlyLabelsOfTheTarget(RowTargetKind kind, float label, bool isTaken) =>
        Assert.Equal(isTaken, new RowTarget(kind) { Classes = 3, Quantiles = [0.5] }.Takes(label));
}
