using Tandem.Features.Evaluation;

namespace Tandem.Features.Tests.Evaluation;

public sealed class SawtoothWindowTests
{
    [Theory]
    [InlineData(12 * 24 * 60, 24 * 60)]
    [InlineData((12 * 24 * 60) - 1, 60)]
    [InlineData(12 * 60, 60)]
    [InlineData((12 * 60) - 1, 5)]
    [InlineData(5, 5)]
    public void HopMicros_FollowsTheLengthOfTheWindow(int windowMinutes, int hopMinutes)
    {
        long hop = SawtoothWindow.HopMicros(Micros.Of(TimeSpan.FromMinutes(windowMinutes)));

        Assert.Equal(Micros.Of(TimeSpan.FromMinutes(hopMinutes)), hop);
    }

    [Theory]
    [InlineData("2026-01-02T10:07:00Z", "2026-01-02T09:05:00Z")]
    [InlineData("2026-01-02T10:05:00Z", "2026-01-02T09:05:00Z")]
    [InlineData("2026-01-02T10:04:59.999999Z", "2026-01-02T09:00:00Z")]
    [InlineData("1969-12-31T23:58:00Z", "1969-12-31T22:55:00Z")]
    public void Start_OfAnHour_IsTheTailFlooredToFiveMinutes(string asOf, string expected)
    {
        long start = SawtoothWindow.Start(
            Micros.Of(DateTimeOffset.Parse(asOf, null)), Micros.Of(TimeSpan.FromHours(1)));

        Assert.Equal(DateTimeOffset.Parse(expected, null), Micros.Moment(start));
    }
}
