using System.Text.Json.Nodes;
using Tandem.Faults;

namespace Tandem.Spec.Tests;

public sealed class SpecSupportTests
{
    [Theory]
    [InlineData("objective.task", "\"sequence_next\"", "SPC052")]
    [InlineData("model.rerank", "\"ials\"", "SPC053")]
    [InlineData("training.streaming", "true", "SPC054")]
    [InlineData("evaluation.slices", "[\"new_users\"]", "SPC056")]
    [InlineData("serving.rollout", "\"canary\"", "SPC058")]
    [InlineData("monitoring.alerts", "[\"log\",\"https://example.org/hook\"]", "SPC059")]
    public void Find_PartThatNoEngineRuns_IsSaidWithItsPlace(string path, string value, string code)
    {
        SpecFile file = Specs.Parse(Specs.Video).With(path, JsonNode.Parse(value));

        Fault fault = Assert.Single(SpecSupport.Find(file));

        Assert.Equal((code, FaultKind.Unsupported), (fault.Code, fault.Kind));
        Assert.Matches(@"^tandem\.yaml:\d+:\d+$", fault.Place);
        Assert.Equal(fault with { Place = null }, Assert.Single(SpecSupport.Find(file.Spec!)));
    }

    [Fact]
    public void With_RarePositivesThatNobodyLearns_IsAFault()
    {
        SpecFile file = Specs.Parse(Specs.Blank).With("training.imbalance", "smote");

        Assert.Equal("SPC055", Assert.Single(file.Faults).Code);
        Assert.Equal("smote", Specs.Parse(Specs.Ads).With("training.imbalance", "smote").Spec!.Training.Imbalance.Kind);
    }

    [Theory]
    [InlineData("model.predict", "\"logistic\"", null)]
    [InlineData("training.split", "\"leave-last-out\"", "SPC057")]
    [InlineData("objective.task", "\"multilabel\"", "SPC052")]
    public void Find_PredictionWithoutWhatItsLoopNeeds_IsNotRun(string path, string value, string? code)
    {
        SpecFile file = Specs.Parse(Specs.Ads).With(path, JsonNode.Parse(value));

        Assert.Equal(
            code is null ? [] : [code], SpecSupport.Find(file).Select(static fault => fault.Code), StringComparer.Ordinal);
    }

    [Fact]
    public void Find_ExamplesAndBlank_AreRunWhole()
    {
        Assert.All([Specs.Blank, Specs.Video, Specs.Ads, .. Specs.ExampleFiles.Select(File.ReadAllText)], static text => Assert.Empty(SpecSupport.Find(Specs.Read(text))));
    }
}
