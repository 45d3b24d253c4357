using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;

namespace Tandem.Events;

/// <summary>Writes pieces of JSON behind each other, byte for byte as <see cref="System.Text.Json.Utf8JsonWriter"/>
/// would; plain ASCII, which nearly every text of an event is, is only copied.</summary>
/// <param name="room">Receives UTF-8; large enough for all that is written.</param>
internal ref struct JsonCursor(Span<byte> room)
{
    /// <summary>Most bytes that one UTF-16 unit of a text can take.</summary>
    public const int MaxBytesPerUnit = 6;

    private const int MaxUtf8PerUnit = 3;

    private static readonly SearchValues<char> Plain = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(static unit => (char)unit).Where(static c => c is not ('"' or '\\'))]);

    // Nothing here is ever put into HTML: text stays readable as it is.
    private static readonly JavaScriptEncoder Escapes = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private readonly Span<byte> _room = room;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Copies bytes as they are.</summary>
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_room[Length..]);
        Length += bytes.Length;
    }

    /// <summary>Copies a valid JSON value onto one line.</summary>
    public void OnOneLine(ReadOnlySpan<byte> json)
    {
        // In valid JSON a control character stands only between tokens, where it means nothing.
        for (int end; (end = json.IndexOfAnyInRange((byte)0, (byte)0x1F)) >= 0; json = json[(end + 1)..])
        {
            Raw(json[..end]);
        }

        Raw(json);
    }

    /// <summary>Writes a text in quotes, without half surrogate pairs, of at most
    /// <see cref="EventLimits.MaxEntityIdLength"/> characters.</summary>
    public void Text(string text)
    {
        Raw("\""u8);
        if (text.AsSpan().ContainsAnyExcept(Plain))
        {
            Escape(text);
        }
        else
        {
            Ascii.FromUtf16(text, _room[Length..], out int written);
            Length += written;
        }

        Raw("\""u8);
    }

    /// <summary>Writes a moment in quotes.</summary>
    public void Time(DateTimeOffset time)
    {
        Raw("\""u8);
        EventTime.Write(time, _room.Slice(Length, EventTime.Length));
        Length += EventTime.Length;
        Raw("\""u8);
    }

    /// <summary>Writes a whole number.</summary>
    public void Number(int value) => Format(value, "D");

    /// <summary>Writes a finite number in the fewest digits that read back as it.</summary>
    public void Number(float value) => Format(value, default);

    private void Format<T>(T value, ReadOnlySpan<char> format)
        where T : IUtf8SpanFormattable
    {
        bool fits = value.TryFormat(
            _room[Length..], out int written, format, System.Globalization.CultureInfo.InvariantCulture);
        Debug.Assert(fits, "The room holds the longest number.");
        Length += written;
    }

    private void Escape(string text)
    {
        Span<byte> utf8 = stackalloc byte[EventLimits.MaxEntityIdLength * MaxUtf8PerUnit];
        int count = Encoding.UTF8.GetBytes(text, utf8);
        OperationStatus status = Escapes.EncodeUtf8(utf8[..count], _room[Length..], out _, out int written);
        Debug.Assert(status == OperationStatus.Done, "The room holds the longest text, and it is valid.");
        Length += written;
    }
}
