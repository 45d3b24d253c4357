using System.Text.Json;
using Tandem.Numerics.Statistics;
using Tandem.Testing;

namespace Tandem.Numerics.Tests.Statistics;

public sealed class StandardNormalTests
{
    [SharedDataFact]
    public void Cdf_AtTheFixture_IsScipys()
    {
        double expected = StatisticsFixture.Expected("special").GetProperty("norm.cdf(1.959963984540054)").GetDouble();

        Assert.Equal(expected, StandardNormal.Cdf(1.959963984540054), 1e-14);
    }

    // Tables of the upper tail, to 12 digits: Abramowitz and Stegun, 26.2.
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.158655253931457)]
    [InlineData(2, 0.0227501319481792)]
    [InlineData(2.5, 0.00620966532577613)]
    [InlineData(3, 0.00134989803163010)]
    [InlineData(5, 2.86651571879194e-7)]
    [InlineData(10, 7.61985302416053e-24)]
    [InlineData(-1, 0.841344746068543)]
    [InlineData(-10, 1)]
    public void Survival_AtKnownPoints_IsTheTable(double x, double expected)
    {
        Assert.Equal(1, StandardNormal.Survival(x) / expected, 1e-9);
    }

    [Fact]
    public void Survival_WhereSeriesAndFractionMeet_FallsByTheDensity()
    {
        const double Step = 1e-4;
        double fall = StandardNormal.Survival(3 - Step) - StandardNormal.Survival(3 + Step);

        double density = Math.Exp(-4.5) / Math.Sqrt(2 * Math.PI);

        // The next term of the expansion is of the order of the square of the step.
        Assert.Equal(1, fall / (2 * Step * density), 1e-7);
    }

    [Fact]
    public void Survival_OfNotANumber_IsNotANumber()
    {
        Assert.True(double.IsNaN(StandardNormal.Survival(double.NaN)));
        Assert.Equal(0, StandardNormal.Survival(double.PositiveInfinity));
        Assert.Equal(1, StandardNormal.Survival(double.NegativeInfinity));
    }

    [SharedDataFact]
    public void Survival_GivesTheTwoProportionTestsP()
    {
        JsonElement expected = StatisticsFixture.Expected("z_test_binary");
        double z = expected.GetProperty("z").GetDouble();

        Assert.Equal(expected.GetProperty("p").GetDouble(), 2 * StandardNormal.Survival(Math.Abs(z)), 1e-12);
    }
}
