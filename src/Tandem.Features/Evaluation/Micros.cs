namespace Tandem.Features.Evaluation;

/// <summary>Moments and spans as whole microseconds.</summary>
internal static class Micros
{
    /// <summary>Microseconds since 1970, UTC.</summary>
    public static long Of(DateTimeOffset moment) =>
        (moment.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>Microseconds of a span.</summary>
    public static long Of(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>The moment that lies this many microseconds after 1970.</summary>
    public static DateTimeOffset Moment(long micros) =>
        DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);
}
