using Tandem.Faults;

namespace Tandem.Registry.Tests;

public sealed class ModelNamesTests
{
    [Theory]
    [InlineData("champion")]
    [InlineData("v")]
    [InlineData("version-2")]
    [InlineData("v2beta")]
    [InlineData("latest_2")]
    public void CheckAlias_WithAWord_Accepts(string alias)
    {
        ModelNames.CheckAlias(alias);
    }

    [Theory]
    [InlineData("", "REG001")]
    [InlineData("a b", "REG001")]
    [InlineData("a/b", "REG001")]
    [InlineData("a.b", "REG001")]
    [InlineData("мастер", "REG001")]
    [InlineData("champion\n", "REG001")]
    [InlineData("latest", "REG008")]
    [InlineData("Latest", "REG008")]
    [InlineData("v3", "REG008")]
    [InlineData("V12", "REG008")]
    [InlineData("3", "REG008")]
    [InlineData("v99999999999999999999", "REG001")]
    public void CheckAlias_WithAnythingReadAsSomethingElse_Refuses(string alias, string code)
    {
        TandemException refused = Assert.Throws<TandemException>(() => ModelNames.CheckAlias(alias));

        Assert.Equal(code, refused.Fault.Code);
    }

    [Fact]
    public void CheckAlias_AllowsUpTo200Characters()
    {
        ModelNames.CheckAlias(new string('a', 200));

        Assert.Throws<TandemException>(() => ModelNames.CheckAlias(new string('a', 201)));
    }

    [Theory]
    [InlineData("video")]
    [InlineData("video-2.1_final")]
    [InlineData("latest")]
    public void CheckModel_WithAFileName_Accepts(string model)
    {
        ModelNames.CheckModel(model);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("dot.")]
    [InlineData("-flag")]
    [InlineData("a/b")]
    [InlineData("a:b")]
    [InlineData("a\\b")]
    public void CheckModel_WithAnythingThatLeavesItsFolder_Refuses(string model)
    {
        TandemException refused = Assert.Throws<TandemException>(() => ModelNames.CheckModel(model));

        Assert.Equal("REG001", refused.Fault.Code);
    }
}
