using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Tandem.Events;

/// <summary>Raw JSON objects inside an event (features and data): checked once at the door, then copied as they
/// are.</summary>
/// <remarks>Refused: anything but an object, invalid UTF-8, nesting beyond <see cref="EventLimits.MaxDepth"/>, a key
/// twice in the object itself, numbers beyond float64, half surrogate pairs and the NUL character, which databases
/// refuse.</remarks>
internal static class RawJson
{
    // The widest number that cannot overflow float64 without an exponent has 308 digits.
    private const int SafeNumberLength = 300;
    private const int MaxKeyCount = 512;

    public static readonly JsonReaderOptions Strict = new()
    {
        AllowTrailingCommas = false,
        CommentHandling = JsonCommentHandling.Disallow,
        // Around them stands the event's own object; one level more lets our message come first.
        MaxDepth = EventLimits.MaxDepth + 2,
    };

    /// <summary>Throws EVT001, EVT002 or EVT003 unless the bytes are one allowed object and nothing else.</summary>
    public static void Validate(string field, ReadOnlySpan<byte> json, int limitBytes)
    {
        if (json.Length > limitBytes)
        {
            throw EventErrors.TooLarge($"'{field}'", json.Length, limitBytes);
        }

        if (!Utf8.IsValid(json))
        {
            throw EventErrors.FieldNotAllowed(field, "it is not valid UTF-8");
        }

        try
        {
            Utf8JsonReader reader = new(json, Strict);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw EventErrors.FieldNotAllowed(field, "it is not a JSON object");
            }

            Walk(ref reader, field, json);
            while (reader.Read())
            {
                // Reading on to the end makes the reader refuse what follows the object.
            }
        }
        catch (JsonException e)
        {
            throw EventErrors.NotAnEvent($"'{field}': {e.Message}", e);
        }
    }

    /// <summary>Reads the object that the reader stands at the start of, to its end; throws EVT002 where it holds what
    /// is not allowed.</summary>
    /// <param name="reader">Stands on the start of an object; left on its end.</param>
    /// <param name="field">Name for messages.</param>
    /// <param name="json">The bytes under the reader.</param>
    public static void Walk(ref Utf8JsonReader reader, string field, ReadOnlySpan<byte> json)
    {
        int bottom = reader.CurrentDepth;
        KeySet keys = new(stackalloc Range[MaxKeyCount]);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    DemandCharacters(ref reader, field);
                    if (reader.CurrentDepth == bottom + 1)
                    {
                        keys.Add(json, reader.TokenStartIndex + 1, reader.ValueSpan.Length, field);
                    }

                    break;
                case JsonTokenType.String:
                    DemandCharacters(ref reader, field);
                    break;
                case JsonTokenType.Number:
                    DemandFinite(reader.ValueSpan, field);
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    DemandDepth(reader.CurrentDepth - bottom + 1, field);
                    break;
                case JsonTokenType.EndObject when reader.CurrentDepth == bottom:
                    return;
            }
        }
    }

    private static void DemandDepth(int depth, string field)
    {
        if (depth > EventLimits.MaxDepth)
        {
            throw EventErrors.TooLarge($"The nesting of '{field}'", depth, EventLimits.MaxDepth);
        }
    }

    private static void DemandFinite(ReadOnlySpan<byte> number, string field)
    {
        bool safe = number.Length <= SafeNumberLength && number.IndexOfAny((byte)'e', (byte)'E') < 0;
        if (!safe && !(Utf8Parser.TryParse(number, out double value, out _) && double.IsFinite(value)))
        {
            throw EventErrors.FieldNotAllowed(field, "a number is beyond the range of float64");
        }
    }

    private static void DemandCharacters(ref Utf8JsonReader reader, string field)
    {
        if (!reader.ValueIsEscaped)
        {
            return;
        }

        ReadOnlySpan<byte> text = reader.ValueSpan;
        for (int at = text.IndexOf((byte)'\\'); at >= 0; at = NextEscape(text, at))
        {
            if (text[at + 1] != 'u')
            {
                at++;
                continue;
            }

            int unit = Hex(text.Slice(at + 2, 4));
            at += 5;
            if (unit == 0)
            {
                throw EventErrors.FieldNotAllowed(field, "a text has the character U+0000");
            }

            if (!char.IsSurrogate((char)unit))
            {
                continue;
            }

            bool paired = char.IsHighSurrogate((char)unit)
                && text[(at + 1)..] is [(byte)'\\', (byte)'u', _, _, _, _, ..]
                && char.IsLowSurrogate((char)Hex(text.Slice(at + 3, 4)));
            if (!paired)
            {
                throw EventErrors.FieldNotAllowed(field, "a text has half a surrogate pair, which is not a character");
            }

            at += 6;
        }
    }

    private static int NextEscape(ReadOnlySpan<byte> text, int lastConsumed)
    {
        int next = text[(lastConsumed + 1)..].IndexOf((byte)'\\');
        return next < 0 ? -1 : lastConsumed + 1 + next;
    }

    private static int Hex(ReadOnlySpan<byte> digits) =>
        Utf8Parser.TryParse(digits, out int value, out int used, 'x') && used == 4 ? value : 0;

    /// <summary>The keys of one object, to refuse a second of the same name.</summary>
    private ref struct KeySet(Span<Range> keys)
    {
        private readonly Span<Range> _keys = keys;
        private int _count;

        public void Add(ReadOnlySpan<byte> json, long start, int length, string field)
        {
            if (_count == _keys.Length)
            {
                throw EventErrors.TooLarge($"The number of keys in '{field}'", _count + 1, _keys.Length);
            }

            Range range = new((int)start, (int)start + length);
            for (int i = 0; i < _count; i++)
            {
                if (json[_keys[i]].SequenceEqual(json[range]))
                {
                    throw EventErrors.FieldNotAllowed(field, "a key stands there twice");
                }
            }

            _keys[_count++] = range;
        }
    }
}
