namespace Tandem.Worlds;

/// <summary>Times of the world: UTC, whole microseconds.</summary>
internal static class Moments
{
    /// <summary>A time some days later, cut to whole microseconds.</summary>
    public static DateTimeOffset Add(DateTimeOffset time, double days)
    {
        long micros = (long)(days * TimeSpan.TicksPerDay) / TimeSpan.TicksPerMicrosecond;
        return time.AddTicks(micros * TimeSpan.TicksPerMicrosecond);
    }

    /// <summary>A time some seconds later, cut to whole microseconds.</summary>
    public static DateTimeOffset AddSeconds(DateTimeOffset time, double seconds) => Add(time, seconds / 86_400);
}
