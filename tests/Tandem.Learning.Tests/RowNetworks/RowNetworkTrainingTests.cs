using Tandem.Faults;
using Tandem.Learning.RowNetworks;
using Tandem.Learning.Tests.Ftrl;

namespace Tandem.Learning.Tests.RowNetworks;

public sealed class RowNetworkTrainingTests
{
    private static readonly RowNetworkOptions Options = new()
    {
        LearningRate = 0.003,
        WeightDecay = 0.1,
        BatchSize = 100,
        Epochs = 4,
        Patience = 2,
        ValidationShare = 0.2,
        IsCosine = true,
    };

    private static readonly RowNetworkShape Shape = new("dcn")
    {
        Factors = 4,
        CrossLayers = 1,
        Layers = 1,
        Hidden = 8,
        Dropout = 0.2,
    };

    private static readonly FitContext Context = new() { ThreadCount = 1 };

    [Theory]
    [InlineData("fm")]
    [InlineData("ffm")]
    [InlineData("dcn")]
    public void Fit_OfRowsThatOnlyTwoFeaturesTogetherTell_LearnsThem(string kind)
    {
        LabelledRows rows = FtrlModelTests.Exclusive(seed: 3, count: 4000);
        LabelledRows later = FtrlModelTests.Exclusive(seed: 4, count: 1000);

        Assert.InRange(Area(kind, rows, later), 0.99, 1);
    }

    [Theory]
    [InlineData("fm")]
    [InlineData("ffm")]
    [InlineData("dcn")]
    public void Fit_OfNumbersAndCounts_FindsTheirMeans(string kind)
    {
        LabelledRows numbers = TargetRows.Numbers(seed: 5, count: 3000);
        LabelledRows counts = TargetRows.Counts(seed: 6, count: 3000);

        float[] scores = SmallRows.Score(Fit(kind, numbers), numbers);
        float[] logs = SmallRows.Score(Fit(kind, counts), counts);

        // The labels' deviation is 100, that of the noise 10; that of the logarithms 0.5.
        Assert.InRange(Math.Sqrt(scores.Zip(numbers.Labels, static (a, b) => (a - b) * (a - b)).Average()), 9, 30);
        Assert.InRange(
            Math.Sqrt(logs.Select((log, row) => Math.Pow(log - 1 - (0.5 * counts.Dense[3 * row]), 2)).Average()), 0, 0.25);
    }

    [Fact]
    public void Fit_OfRowsThatWhatIsMissingTells_ReadsIt()
    {
        LabelledRows rows = SmallRows.Make(seed: 7, count: 2000);
        rows = rows with
        {
            Dense = [.. rows.Dense.Select((value, i) => i % 3 == 1 && rows.Labels[i / 3] > 0 ? float.NaN : value)],
        };

        foreach (string kind in (string[])["ftrl", "fm", "ffm", "dcn"])
        {
            Assert.InRange(Area(kind, rows, rows), 0.99, 1);
        }
    }

    [Fact]
    public void Resume_OfASavedTraining_GoesOnToTheSameBytes()
    {
        LabelledRows rows = SmallRows.Make(seed: 8);
        using RowNetworkTraining whole = new(rows, Shape, Options, Context);
        using RowNetworkTraining first = new(rows, Shape, Options, Context);
        using RowNetworkTraining second = new(rows, Shape, Options, Context);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            whole.RunEpoch(CancellationToken.None);
        }

        first.RunEpoch(CancellationToken.None);
        MemoryStream checkpoint = new();
        first.Save(checkpoint);
        checkpoint.Position = 0;
        second.Resume(checkpoint);
        second.RunEpoch(CancellationToken.None);
        second.RunEpoch(CancellationToken.None);

        Assert.Equal(whole.LastLoss, second.LastLoss);
        Assert.Equal(whole.HeldOutLoss, second.HeldOutLoss);
        Assert.Equal(SmallWorld.Save(whole.ToModel()), SmallWorld.Save(second.ToModel()));
    }

    [Fact]
    public void RunEpoch_WithALearningRateFarTooHigh_IsACodedFault()
    {
        LabelledRows rows = TargetRows.Counts(seed: 9, count: 400);
        using RowNetworkTraining training = new(
            rows, Shape, Options with { LearningRate = 1e20, Epochs = 50 }, Context);

        TandemException fault = Assert.Throws<TandemException>(() =>
        {
            while (!training.IsDone)
            {
                training.RunEpoch(CancellationToken.None);
            }
        });

        Assert.Equal("LRN017", fault.Fault.Code);
    }

    [Fact]
    public void Training_HoldsWholeGroupsOut()
    {
        LabelledRows rows = TargetRows.Grades(seed: 10, groups: 40);

        RowUnits units = new(rows, heldOutShare: 0.25, seed: 1);

        Assert.Equal(10, units.HeldOut.Length);
        Assert.Equal(Enumerable.Range(0, 40), units.HeldOut.Concat(units.Learned).Order());
        Assert.Equal(10, units.LongestUnit);
        Assert.Empty(new RowUnits(rows, heldOutShare: 0.03, seed: 1).HeldOut);
    }

    private static double Area(string kind, LabelledRows rows, LabelledRows later) =>
        RowEvaluation.Measure(RowScores.Of(Fit(kind, rows), later), "roc_auc");

    private static IRowScorer Fit(string kind, LabelledRows rows) => ModelCatalogue.Default.FindRows(kind).Fit(
        rows, new Dictionary<string, double>(StringComparer.Ordinal), Context, CancellationToken.None);
}
