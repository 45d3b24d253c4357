using Tandem.Numerics;

namespace Tandem.Learning.Tests.Ftrl;

public sealed class FtrlModelTests : RowScorerConformance
{
    protected override string KindName => "ftrl";

    [Theory]
    [InlineData("bits", 8)]
    [InlineData("learning_rate", 0.5)]
    [InlineData("beta", 0.1)]
    [InlineData("sparsity", 2)]
    [InlineData("regularisation", 0)]
    [InlineData("crosses", 1)]
    [InlineData("epochs", 1)]
    public void Fit_WithAnotherSetting_GivesAnotherModel(string parameter, double value)
    {
        LabelledRows rows = SmallRows.Make(seed: 12);

        Assert.NotEqual(SmallWorld.Save(Fit(rows)), SmallWorld.Save(Fit(rows, 1, (parameter, value))));
    }

    [Fact]
    public void Fit_OfRowsThatOnlyTwoFeaturesTogetherTell_NeedsTheirCross()
    {
        LabelledRows rows = Exclusive(seed: 3, count: 2000);
        LabelledRows later = Exclusive(seed: 4, count: 2000);

        double alone = RowEvaluation.Measure(RowScores.Of(Fit(rows), later), "roc_auc");
        double crossed = RowEvaluation.Measure(RowScores.Of(Fit(rows, 1, ("crosses", 1)), later), "roc_auc");

        Assert.InRange(alone, 0.4, 0.6);
        Assert.InRange(crossed, 0.99, 1);
    }

    [Fact]
    public void Fit_WithMoreSparsity_KeepsFewerWeights()
    {
        LabelledRows rows = SmallRows.Make(seed: 13);

        Assert.True(
            SmallWorld.Save(Fit(rows, 1, ("sparsity", 40))).Length < SmallWorld.Save(Fit(rows)).Length);
    }

    /// <summary>Two columns of four categories; positive where both are even or both odd.</summary>
    internal static LabelledRows Exclusive(ulong seed, int count)
    {
        SeededRandom random = new(seed);
        float[] dense = new float[2 * count];
        float[] labels = new float[count];
        for (int row = 0; row < count; row++)
        {
            int first = random.NextInt(4);
            int second = random.NextInt(4);
            dense[2 * row] = first;
            dense[(2 * row) + 1] = second;
            labels[row] = first % 2 == second % 2 ? 1 : 0;
        }

        return new LabelledRows
        {
            DenseCount = 2,
            SparseCount = 0,
            Categories = [4, 4],
            Dense = dense,
            Starts = new int[count + 1],
            Columns = [],
            Values = [],
            Labels = labels,
        };
    }
}
