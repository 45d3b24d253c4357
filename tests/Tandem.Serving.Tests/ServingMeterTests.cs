namespace Tandem.Serving.Tests;

public sealed class ServingMeterTests
{
    [Fact]
    public void QuantileMilliseconds_OfAKnownSpread_IsRightToABucket()
    {
        ServingMeter meter = new();
        for (int i = 1; i <= 1000; i++)
        {
            meter.Count(TimeSpan.FromMicroseconds(i * 10), isFallback: i % 10 == 0);
        }

        // A bucket spans 2^(1/8), so its middle is within 4.5 % of what falls into it.
        Assert.InRange(meter.QuantileMilliseconds(0.5), 5.0 * 0.91, 5.0 * 1.09);
        Assert.InRange(meter.QuantileMilliseconds(0.99), 9.9 * 0.91, 9.9 * 1.09);
        Assert.Equal(1000, meter.Requests);
        Assert.Equal(100, meter.Fallbacks);
    }

    [Fact]
    public void QuantileMilliseconds_BeforeTheFirstAnswer_IsZero()
    {
        Assert.Equal(0, new ServingMeter().QuantileMilliseconds(0.99));
    }
}
