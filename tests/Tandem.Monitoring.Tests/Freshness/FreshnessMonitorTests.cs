using Tandem.Monitoring.Alerts;
using Tandem.Monitoring.Freshness;

namespace Tandem.Monitoring.Tests.Freshness;

public sealed class FreshnessMonitorTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void Check_AfterTheLimit_AlertsOnceForEachSilence()
    {
        FreshnessMonitor monitor = new("log", TimeSpan.FromHours(1), _clock);
        DateTimeOffset start = _clock.Now;

        _clock.Now = start.AddHours(1);
        Assert.Null(monitor.Check());
        _clock.Now = start.AddMinutes(61);
        Alert? first = monitor.Check();
        Alert? again = monitor.Check();
        monitor.Arrived(_clock.Now);
        Alert? calm = monitor.Check();
        _clock.Now = start.AddHours(4);
        Alert? second = monitor.Check();

        Assert.Equal((AlertKind.Silence, 3660.0), (first!.Kind, first.Evidence.Effect));
        Assert.Equal(
            "No event of log arrived since 2026-01-02 03:04:05 UTC, longer than 01:00:00.", first.What);
        Assert.Null(again);
        Assert.Null(calm);
        Assert.NotEqual(first.Key, second!.Key, StringComparer.Ordinal);
    }

    [Fact]
    public void Arrived_WithAnOldEvent_DoesNotEndTheSilence()
    {
        FreshnessMonitor monitor = new("log", TimeSpan.FromMinutes(1), _clock);
        monitor.Arrived(_clock.Now.AddHours(-1));
        _clock.Now += TimeSpan.FromMinutes(2);

        Assert.NotNull(monitor.Check());
    }

    [Fact]
    public void Limit_OfZero_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FreshnessMonitor("log", TimeSpan.Zero, _clock));
    }
}
