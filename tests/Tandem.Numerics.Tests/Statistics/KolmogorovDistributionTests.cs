using Tandem.Numerics.Statistics;
using Tandem.Testing;

namespace Tandem.Numerics.Tests.Statistics;

public sealed class KolmogorovDistributionTests
{
    [SharedDataFact]
    public void Survival_AtTheFixture_IsScipys()
    {
        double expected = StatisticsFixture.Expected("special").GetProperty("kstwobign.sf(1.358)").GetDouble();

        Assert.Equal(expected, KolmogorovDistribution.Survival(1.358), 1e-12);
    }

    [Fact]
    public void Survival_WhereTheTwoSeriesMeet_IsContinuous()
    {
        double below = KolmogorovDistribution.Survival(1.18 - 1e-12);
        double above = KolmogorovDistribution.Survival(1.18 + 1e-12);

        Assert.Equal(below, above, 1e-10);
    }

    [Fact]
    public void Survival_NeverRises_AndStaysAProbability()
    {
        double last = 1;
        for (double x = -0.5; x < 12; x += 0.01)
        {
            double p = KolmogorovDistribution.Survival(x);
            Assert.InRange(p, 0, last + 1e-15);
            last = p;
        }
    }
}
