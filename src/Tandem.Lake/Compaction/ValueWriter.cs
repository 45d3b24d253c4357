using System.Buffers.Text;
using System.Text.Json;
using Tandem.Lake.Native;

namespace Tandem.Lake.Compaction;

/// <summary>Turns JSON values into column values. A value that a column cannot hold without loss is refused, and then
/// kept as it was written.</summary>
internal sealed class ValueWriter(DuckColumns chunk)
{
    private const double LargestExactWhole = 9007199254740992;

    private byte[] _text = new byte[1024];
    private float[] _numbers = new float[256];
    private int[] _lengths = new int[64];

    /// <summary>Writes the value that the reader stands on, not null.</summary>
    /// <returns>False where the column's type cannot hold it; the reader may then stand inside the value.</returns>
    public bool TryWrite(LakeType type, int column, int row, ref Utf8JsonReader reader) => type switch
    {
        LakeType.Text => TryText(column, row, ref reader),
        LakeType.Whole => TryWhole(column, row, ref reader),
        LakeType.Number => TryNumber(column, row, ref reader),
        LakeType.Flag => TryFlag(column, row, ref reader),
        LakeType.Time => TryTime(column, row, ref reader),
        LakeType.NumberList => TryNumberList(column, row, ref reader),
        LakeType.TextList => TryTextList(column, row, ref reader),
        _ => throw new System.Diagnostics.UnreachableException($"{type}"),
    };

    /// <summary>Writes a string without escapes as text, or as a moment of exactly the form that the journal
    /// writes.</summary>
    /// <returns>False where it is neither; the value may still be right.</returns>
    public bool TryPlain(LakeType type, int column, int row, ReadOnlySpan<byte> utf8)
    {
        if (type == LakeType.Text)
        {
            chunk.SetUtf8(column, row, utf8);
            return true;
        }

        if (type != LakeType.Time || !JournalMoment.TryRead(utf8, out long micros))
        {
            return false;
        }

        chunk.Column<long>(column)[row] = micros;
        return true;
    }

    /// <summary>Writes a number into a column of numbers.</summary>
    /// <returns>False for another column or form; the value may still be right.</returns>
    public bool TryPlainNumber(LakeType type, int column, int row, ReadOnlySpan<byte> utf8)
    {
        if (type != LakeType.Number || !Utf8Parser.TryParse(utf8, out double value, out int used)
            || used != utf8.Length || !double.IsFinite(value))
        {
            return false;
        }

        chunk.Column<double>(column)[row] = value;
        return true;
    }

    /// <summary>A moment of an event's envelope in microseconds, or null where it has none.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static long? Moment(ReadOnlySpan<byte> line, JsonSlice slice)
    {
        if (!slice.IsPresent)
        {
            return null;
        }

        if (slice.IsPlainString && JournalMoment.TryRead(slice.Inside(line), out long micros))
        {
            return micros;
        }

        Utf8JsonReader reader = new(slice.Of(line));
        reader.Read();
        return TryMoment(ref reader, out micros) ? micros : throw new JsonException("a time of the envelope is none");
    }

    /// <summary>Reads a moment: ISO 8601, in UTC where it names no offset.</summary>
    private static bool TryMoment(ref Utf8JsonReader reader, out long micros)
    {
        micros = 0;
        if (reader.TokenType != JsonTokenType.String || !reader.TryGetDateTime(out DateTime time))
        {
            return false;
        }

        // A moment with an offset arrives as local time, one with Z or without an offset as it stands.
        DateTime utc = time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : time;
        micros = (utc.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        return true;
    }

    private bool TryTime(int column, int row, ref Utf8JsonReader reader)
    {
        bool isMoment = TryMoment(ref reader, out long micros);
        if (isMoment)
        {
            chunk.Column<long>(column)[row] = micros;
        }

        return isMoment;
    }

    private bool TryWhole(int column, int row, ref Utf8JsonReader reader)
    {
        if (!TryGetWhole(ref reader, out long value))
        {
            return false;
        }

        chunk.Column<long>(column)[row] = value;
        return true;
    }

    private bool TryNumber(int column, int row, ref Utf8JsonReader reader)
    {
        if (!TryGetNumber(ref reader, out double value))
        {
            return false;
        }

        chunk.Column<double>(column)[row] = value;
        return true;
    }

    // The text of a number or flag too.
    private bool TryText(int column, int row, ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True
            or JsonTokenType.False))
        {
            return false;
        }

        chunk.SetUtf8(column, row, Unescape(ref reader, 0));
        return true;
    }

    private static bool TryGetWhole(ref Utf8JsonReader reader, out long value)
    {
        value = 0;
        if (reader.TokenType == JsonTokenType.String)
        {
            return Utf8Parser.TryParse(reader.ValueSpan, out value, out int used) && used == reader.ValueSpan.Length;
        }

        if (reader.TokenType != JsonTokenType.Number)
        {
            return false;
        }

        if (reader.TryGetInt64(out value))
        {
            return true;
        }

        // 3.0 and 2e6 are whole numbers too, as far as a double is exact.
        bool whole = reader.TryGetDouble(out double number) && Math.Abs(number) <= LargestExactWhole
            && Math.Floor(number) == number;
        value = whole ? (long)number : 0;
        return whole;
    }

    private static bool TryGetNumber(ref Utf8JsonReader reader, out double value)
    {
        value = 0;
        return reader.TokenType switch
        {
            JsonTokenType.Number => reader.TryGetDouble(out value) && double.IsFinite(value),
            JsonTokenType.String => Utf8Parser.TryParse(reader.ValueSpan, out value, out int used)
                && used == reader.ValueSpan.Length && double.IsFinite(value),
            _ => false,
        };
    }

    private bool TryFlag(int column, int row, ref Utf8JsonReader reader)
    {
        bool? value = reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            JsonTokenType.String when reader.ValueTextEquals("true"u8) => true,
            JsonTokenType.String when reader.ValueTextEquals("false"u8) => false,
            JsonTokenType.Number when reader.ValueSpan is [(byte)'1'] => true,
            JsonTokenType.Number when reader.ValueSpan is [(byte)'0'] => false,
            _ => null,
        };
        if (value is { } flag)
        {
            chunk.Column<bool>(column)[row] = flag;
        }

        return value is not null;
    }

    private bool TryNumberList(int column, int row, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        int count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetSingle(out float value)
                || !float.IsFinite(value))
            {
                return false;
            }

            if (count == _numbers.Length)
            {
                Array.Resize(ref _numbers, count * 2);
            }

            _numbers[count++] = value;
        }

        chunk.SetList(column, row, _numbers.AsSpan(0, count));
        return true;
    }

    private bool TryTextList(int column, int row, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        int count = 0;
        int end = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String)
            {
                return false;
            }

            if (count == _lengths.Length)
            {
                Array.Resize(ref _lengths, count * 2);
            }

            int length = Unescape(ref reader, end, copy: true).Length;
            _lengths[count++] = length;
            end += length;
        }

        chunk.SetList(column, row, _text.AsSpan(0, end), _lengths.AsSpan(0, count));
        return true;
    }

    /// <summary>The value without escapes; copied into the scratch text from an offset where it has some.</summary>
    private ReadOnlySpan<byte> Unescape(ref Utf8JsonReader reader, int at, bool copy = false)
    {
        if (!reader.ValueIsEscaped && !copy)
        {
            return reader.ValueSpan;
        }

        // Unescaped text is never longer than its escapes.
        int needed = at + reader.ValueSpan.Length;
        if (needed > _text.Length)
        {
            Array.Resize(ref _text, needed * 2);
        }

        return _text.AsSpan(at, reader.CopyString(_text.AsSpan(at)));
    }
}
