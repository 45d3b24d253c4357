namespace Tandem.Learning.Tests.RowNetworks;

public sealed class FmModelTests : RowScorerConformance
{
    protected override string KindName => "fm";

    [Theory]
    [InlineData("factors", 3)]
    [InlineData("learning_rate", 0.3)]
    [InlineData("weight_decay", 1)]
    [InlineData("batch_size", 64)]
    [InlineData("epochs", 1)]
    [InlineData("patience", 0)]
    [InlineData("validation_share", 0.4)]
    public void Fit_WithAnotherSetting_GivesAnotherModel(string parameter, double value)
    {
        LabelledRows rows = SmallRows.Make(seed: 12);

        Assert.NotEqual(SmallWorld.Save(Fit(rows)), SmallWorld.Save(Fit(rows, 1, (parameter, value))));
    }
}
