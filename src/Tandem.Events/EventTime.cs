using System.Buffers.Text;

namespace Tandem.Events;

/// <summary>Moments as the raw log writes them: <c>2026-01-01T00:00:00.000000Z</c>, always 27 bytes.</summary>
internal static class EventTime
{
    public const int Length = 27;

    private const int MaxFractionDigits = 9;

    /// <summary>Drops what is finer than a microsecond.</summary>
    public static DateTimeOffset ToMicros(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    /// <summary>Writes a moment in UTC, cutting what is finer than a microsecond.</summary>
    /// <param name="time">The moment.</param>
    /// <param name="text">Receives <see cref="Length"/> bytes.</param>
    public static void Write(DateTimeOffset time, Span<byte> text)
    {
        DateTime utc = time.UtcDateTime;
        utc.Deconstruct(out DateOnly date, out TimeOnly clock);
        WriteDigits(date.Year, text[..4]);
        text[4] = (byte)'-';
        WriteDigits(date.Month, text.Slice(5, 2));
        text[7] = (byte)'-';
        WriteDigits(date.Day, text.Slice(8, 2));
        text[10] = (byte)'T';
        WriteDigits(clock.Hour, text.Slice(11, 2));
        text[13] = (byte)':';
        WriteDigits(clock.Minute, text.Slice(14, 2));
        text[16] = (byte)':';
        WriteDigits(clock.Second, text.Slice(17, 2));
        text[19] = (byte)'.';
        WriteDigits((int)(clock.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond), text.Slice(20, 6));
        text[26] = (byte)'Z';
    }

    /// <summary>Reads a moment: date, <c>T</c>, time to the second or finer (up to 9 digits, cut at 6), and <c>Z</c> or
    /// an offset such as <c>+02:00</c>. Without an offset it is refused: nobody could tell when it was.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length < 20 ||
            text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
            !TryDigits(text[..4], out int year) || !TryDigits(text.Slice(5, 2), out int month) ||
            !TryDigits(text.Slice(8, 2), out int day) || !TryDigits(text.Slice(11, 2), out int hour) ||
            !TryDigits(text.Slice(14, 2), out int minute) || !TryDigits(text.Slice(17, 2), out int second) ||
            year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) ||
            hour > 23 || minute > 59 || second > 59 ||
            !TryFraction(text[19..], out int micros, out int used) ||
            !TryOffset(text[(19 + used)..], out TimeSpan offset))
        {
            return false;
        }

        long ticks = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks +
            (micros * TimeSpan.TicksPerMicrosecond) - offset.Ticks;
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        time = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }

    private static bool TryFraction(ReadOnlySpan<byte> text, out int micros, out int used)
    {
        micros = 0;
        used = 0;
        if (text is not [(byte)'.', ..])
        {
            return true;
        }

        int digits = text[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits is < 1 or > MaxFractionDigits)
        {
            return false;
        }

        for (int i = 0; i < 6; i++)
        {
            micros = (micros * 10) + (i < digits ? text[1 + i] - '0' : 0);
        }

        used = 1 + digits;
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        if (text is [(byte)'Z'])
        {
            return true;
        }

        if (text is not [(byte)'+' or (byte)'-', _, _, (byte)':', _, _] ||
            !TryDigits(text.Slice(1, 2), out int hours) || !TryDigits(text.Slice(4, 2), out int minutes) ||
            hours > 14 || minutes > 59)
        {
            return false;
        }

        offset = new TimeSpan(hours, minutes, 0) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static void WriteDigits(int value, Span<byte> text)
    {
        for (int i = text.Length - 1; i >= 0; i--)
        {
            text[i] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int value) =>
        Utf8Parser.TryParse(text, out value, out int used, 'D') && used == text.Length &&
        text[0] is not ((byte)'+' or (byte)'-');
}
