namespace Tandem.Lake;

/// <summary>Moments as microseconds since 1970, as columns hold them.</summary>
public static class LakeTime
{
    /// <summary>Microseconds since 1970-01-01 UTC, cut down to whole ones.</summary>
    /// <param name="time">The moment.</param>
    public static long ToMicros(DateTimeOffset time) =>
        (time.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>The moment that microseconds stand for, in UTC.</summary>
    /// <param name="micros">Microseconds since 1970-01-01 UTC.</param>
    public static DateTimeOffset FromMicros(long micros) =>
        new(DateTime.UnixEpoch.Ticks + (micros * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
