using System.Diagnostics;

namespace Tandem.Features.Evaluation;

/// <summary>The sawtooth rule: the head of a window is exact, its tail moves in hops.</summary>
/// <remarks>windowStart = floor(asOf − window, hop); an event is in where windowStart ≤ event time &lt; asOf. The hop
/// is a day for windows of 12 days and more, an hour for 12 hours and more, else 5 minutes.</remarks>
internal static class SawtoothWindow
{
    private const long MinuteMicros = 60_000_000;
    private const long HourMicros = 60 * MinuteMicros;
    private const long DayMicros = 24 * HourMicros;

    /// <summary>Gives the hop of a window, both in microseconds.</summary>
    public static long HopMicros(long windowMicros)
    {
        Debug.Assert(windowMicros > 0, "A window has a length.");
        return windowMicros >= 12 * DayMicros ? DayMicros
            : windowMicros >= 12 * HourMicros ? HourMicros
            : 5 * MinuteMicros;
    }

    /// <summary>Gives the first moment at which a window no longer sees an event, in microseconds since 1970.</summary>
    public static long End(long eventMicros, long windowMicros)
    {
        long hop = HopMicros(windowMicros);
        long past = eventMicros % hop;
        return eventMicros - (past < 0 ? past + hop : past) + hop + windowMicros;
    }

    /// <summary>Gives the first moment inside a window that ends at a moment, in microseconds since 1970.</summary>
    public static long Start(long asOfMicros, long windowMicros)
    {
        long hop = HopMicros(windowMicros);
        long tail = asOfMicros - windowMicros;
        long past = tail % hop;
        return tail - (past < 0 ? past + hop : past);
    }
}
