using Tandem.Features.Evaluation;
using Tandem.Numerics;

namespace Tandem.Features.Tests.Evaluation;

public sealed class ExactNumberTests
{
    [Fact]
    public void ToDouble_OfTenTenths_IsRoundedOnce()
    {
        Int128 total = 0;
        for (int i = 0; i < 10; i++)
        {
            Assert.True(ExactNumber.TryFrom(0.1, out Int128 tenth));
            total += tenth;
        }

        Assert.Equal(1.0, ExactNumber.ToDouble(total));
    }

    [Fact]
    public void ToDouble_OfAnyNumberInRange_GivesItBack()
    {
        var random = new SeededRandom(3);
        for (int i = 0; i < 10_000; i++)
        {
            double value = Math.ScaleB(random.NextDouble() + 1, random.NextInt(60) - 8) * (i % 2 == 0 ? 1 : -1);

            bool fits = ExactNumber.TryFrom(value, out Int128 exact);

            Assert.True(fits);
            Assert.Equal(value, ExactNumber.ToDouble(exact));
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e16)]
    [InlineData(-1e16)]
    public void TryFrom_OfWhatDoesNotFit_SaysSo(double value)
    {
        bool fits = ExactNumber.TryFrom(value, out Int128 exact);

        Assert.False(fits);
        Assert.Equal(Int128.Zero, exact);
    }
}
