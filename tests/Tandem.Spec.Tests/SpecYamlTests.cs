using Tandem.Faults;

namespace Tandem.Spec.Tests;

public sealed class SpecYamlTests
{
    public static TheoryData<string> Texts => [.. Specs.ValidTexts];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Write_OfADesign_IsAFileThatMeansTheSame(string text)
    {
        SpecFile file = Specs.Parse(text);

        string written = SpecYaml.Write(file.Spec!);

        SpecFile again = Specs.Parse(written);
        Assert.Empty(again.Faults);
        Assert.Equal(file.Hash, again.Hash);
    }

    [Fact]
    public void Write_LeavesDefaultsOut_AndWritesExpressionsPairsAndConditionsAsTheyAreRead()
    {
        SpecFile file = Specs.Parse("""
            name: home-feed
            objective: {task: retrieval, label: {event: play, any_of: ["device == 'a \"b'", seconds >= 0.5]}}
            sources:
              play: {entities: [user, item], columns: {seconds: number, device: text}}
            features:
              user_item:
                entity: [user, item]
                source: play
                ttl: 30d
                columns: {minutes: seconds / 60, what: 'cross(device, "a, b")'}
                where: [minutes > 2]
                aggregates: {plays: count over 7d, often: {operator: last_k, column: what, k: 3}}
              moment: {compute: {hour: hour(now)}}
            """);
        Assert.Empty(file.Faults);

        string written = SpecYaml.Write(file.Spec!);

        SpecFile again = Specs.Parse(written);
        Assert.Empty(again.Faults);
        Assert.Equal(file.Hash, again.Hash);
        Assert.Contains("entity: [user, item]", written, StringComparison.Ordinal);
        Assert.Contains("hour: \"hour(now)\"", written, StringComparison.Ordinal);
        Assert.DoesNotContain("quantile", written, StringComparison.Ordinal);
        Assert.DoesNotContain("monitoring", written, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ADesignInCode_HasTheFaultsOfTheFile()
    {
        SystemSpec spec = Specs.Read(Specs.Blank) with
        {
            Features = new Dictionary<string, FeatureViewSpec>(StringComparer.Ordinal)
            {
                ["clicks"] = FeatureViewBuilder.Of("user").From("clik").Feature("n", "count over 7d").Build(),
                ["wrong"] = FeatureViewBuilder.Computed().Compute("x", "clicks:m + 1").Build(),
            },
        };

        var file = SpecFile.Of(spec, TestVocabulary.Words);

        Assert.Null(file.Spec);
        Assert.Equal(["SPC020", "SPC061"], file.Faults.Select(static fault => fault.Code), StringComparer.Ordinal);
        Assert.Equal("click", file.Faults[0].Nearest);
        Assert.StartsWith("(code):", file.Faults[0].Place, StringComparison.Ordinal);
    }

    [Fact]
    public void Builder_OfWhatCannotBeRead_SaysSoAtOnce()
    {
        var view = FeatureViewBuilder.Of("user");

        Assert.Equal("SPC016", Assert.Throws<TandemException>(() => view.Where("seconds")).Fault.Code);
        Assert.Equal("SPC016", Assert.Throws<TandemException>(() => view.Feature("x", "count over 7 days")).Fault.Code);
        Assert.Equal("SPC060", Assert.Throws<TandemException>(() => view.Column("x", "seconds /")).Fault.Code);
        Assert.Equal("SPC062", Assert.Throws<TandemException>(() => view.Compute("x", "houer(now)")).Fault.Code);
    }
}
