namespace Tandem.Lake.Compaction;

/// <summary>Moments exactly as the journal writes them: <c>2026-01-01T00:00:00.000000Z</c>.</summary>
internal static class JournalMoment
{
    private const int Length = 27;

    /// <summary>Reads a moment as microseconds since 1970.</summary>
    /// <returns>False for any other form, and for a date or time that is none.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        if (text.Length != Length || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':'
            || text[16] != ':' || text[19] != '.' || text[26] != 'Z')
        {
            return false;
        }

        bool digits = true;
        int year = Number(text[..4], ref digits);
        int month = Number(text.Slice(5, 2), ref digits);
        int day = Number(text.Slice(8, 2), ref digits);
        int hour = Number(text.Slice(11, 2), ref digits);
        int minute = Number(text.Slice(14, 2), ref digits);
        int second = Number(text.Slice(17, 2), ref digits);
        int fraction = Number(text.Slice(20, 6), ref digits);
        if (!digits || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        long days = new DateOnly(year, month, day).DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        micros = (((((((days * 24) + hour) * 60) + minute) * 60) + second) * 1_000_000) + fraction;
        return true;
    }

    private static int Number(ReadOnlySpan<byte> text, ref bool digits)
    {
        int value = 0;
        foreach (byte b in text)
        {
            int digit = b - '0';
            digits &= (uint)digit <= 9;
            value = (value * 10) + digit;
        }

        return value;
    }
}
