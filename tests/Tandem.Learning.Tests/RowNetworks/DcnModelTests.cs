using Tandem.Faults;

namespace Tandem.Learning.Tests.RowNetworks;

public sealed class DcnModelTests : RowScorerConformance
{
    protected override string KindName => "dcn";

    // It stops by a tenth of the 1,400 rows that are left: 140 rows tell losses apart by chance.
    protected override double RateTolerance => 0.06;

    [Theory]
    [InlineData("factors", 4)]
    [InlineData("cross_layers", 0)]
    [InlineData("layers", 1)]
    [InlineData("hidden", 16)]
    [InlineData("dropout", 0.5)]
    [InlineData("learning_rate", 0.01)]
    [InlineData("weight_decay", 0.1)]
    [InlineData("batch_size", 64)]
    [InlineData("epochs", 1)]
    [InlineData("patience", 0)]
    [InlineData("validation_share", 0.4)]
    public void Fit_WithAnotherSetting_GivesAnotherModel(string parameter, double value)
    {
        LabelledRows rows = SmallRows.Make(seed: 12);

        Assert.NotEqual(SmallWorld.Save(Fit(rows)), SmallWorld.Save(Fit(rows, 1, (parameter, value))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Fit_OfGradesInGroups_LearnsTheirOrder(int orderLoss)
    {
        LabelledRows rows = TargetRows.Grades(seed: 41, groups: 150);
        LabelledRows later = TargetRows.Grades(seed: 42, groups: 50);

        IRowScorer model = Fit(rows, 1, ("order_loss", orderLoss), ("patience", 0), ("epochs", 10));

        Assert.Equal(RowTargetKind.Order, model.Target.Kind);
        Assert.InRange(TargetRows.PairsInOrder(SmallRows.Score(model, later), later), 0.75, 1);
    }

    [Fact]
    public void Fit_OfLargeBatches_GivesTheSameBytesForAnyThreadCount()
    {
        LabelledRows rows = SmallRows.Make(seed: 14, count: 1500);
        (string, double)[] values = [("batch_size", 500), ("hidden", 256), ("epochs", 2)];

        Assert.Equal(SmallWorld.Save(Fit(rows, 1, values)), SmallWorld.Save(Fit(rows, 3, values)));
    }

    [Fact]
    public void Fit_OfGradesWithoutGroups_IsACodedFault()
    {
        LabelledRows rows = TargetRows.Grades(seed: 43, groups: 10) with { Groups = [] };

        Assert.Equal("LRN041", Assert.Throws<TandemException>(() => Fit(rows)).Fault.Code);
    }

    [Fact]
    public void Fit_OfSeveralHeads_LearnsEach()
    {
        LabelledRows rows = TargetRows.Heads(seed: 44, count: 2000);
        LabelledRows later = TargetRows.Heads(seed: 45, count: 1000);

        IRowScorer model = Fit(rows);

        float[] scores = RowScores.Of(model, later).Values;
        for (int head = 0; head < 2; head++)
        {
            RowScores own = new()
            {
                Values = [.. scores.Where((_, i) => i % 2 == head)],
                Labels = [.. later.Labels.Where((_, i) => i % 2 == head)],
            };
            Assert.InRange(RowEvaluation.Measure(own, "roc_auc"), 0.75, 1);
            Assert.InRange(RowEvaluation.Measure(own, "normalised_entropy"), 0, 0.95);
        }
    }

    [Fact]
    public void Fit_OfClasses_LearnsThem()
    {
        LabelledRows rows = TargetRows.Classes(seed: 46, count: 2000);
        LabelledRows later = TargetRows.Classes(seed: 47, count: 500);

        IRowScorer model = Fit(rows);

        Assert.InRange(RowEvaluation.Measure(RowScores.Of(model, later), "accuracy"), 0.75, 1);
    }
}
