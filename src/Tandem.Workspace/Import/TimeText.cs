using System.Globalization;

namespace Tandem.Workspace.Import;

/// <summary>Moments as files write them.</summary>
internal static class TimeText
{
    // Seconds until the year 5138, milliseconds from 1973: the two do not meet in data of our time.
    private const double LargestSeconds = 1e11;

    private static readonly string?[] Formats = [null, "iso", "unix_s", "unix_ms"];

    private static readonly string[] IsoFormats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd' 'HH:mmK", "yyyy-MM-dd",
    ];

    /// <summary>Whether a value is a moment rather than any number: written as ISO, or a number of seconds or
    /// milliseconds from 2001 on.</summary>
    public static bool LooksLikeMoment(string text, string? format) =>
        TryRead(text, format, out DateTimeOffset time) && time.Year is > 2000 and < 2100;

    /// <summary>The text where it looks like a moment in any format there is, else null.</summary>
    public static string? IfMoment(string? text) =>
        text is not null && Formats.Any(format => LooksLikeMoment(text, format)) ? text : null;

    /// <summary>The texts, or null where all of them are.</summary>
    public static IReadOnlyList<string?>? NullWhereNone(string?[] moments) =>
        Array.TrueForAll(moments, static moment => moment is null) ? null : moments;

    /// <summary>Writes a moment in UTC as the raw log does.</summary>
    public static string Write(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Writes a moment given in microseconds since 1970.</summary>
    public static string Write(long micros) => Write(DateTimeOffset.UnixEpoch + TimeSpan.FromMicroseconds(micros));

    /// <summary>Reads a moment.</summary>
    /// <param name="text">The text.</param>
    /// <param name="format"><c>iso</c> (UTC where it has no offset), <c>unix_s</c>, <c>unix_ms</c>; null takes a number
    /// for seconds or milliseconds by its size, anything else for ISO.</param>
    /// <param name="time">The moment, in UTC, to the microsecond.</param>
    public static bool TryRead(string text, string? format, out DateTimeOffset time)
    {
        time = default;
        bool isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number);
        bool isIso = format is "iso" || (format is null && !isNumber);
        if (isIso)
        {
            return DateTimeOffset.TryParseExact(
                text,
                IsoFormats,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out time);
        }

        bool isSeconds = format is "unix_s" || (format is null && Math.Abs(number) < LargestSeconds);
        double seconds = isSeconds ? number : number / 1000;
        if (!isNumber || !(Math.Abs(seconds) < LargestSeconds))
        {
            return false;
        }

        // Rounded to microseconds, since 0.1 seconds is no binary fraction.
        time = DateTimeOffset.UnixEpoch + TimeSpan.FromMicroseconds(Math.Round(seconds * 1e6));
        return true;
    }
}
