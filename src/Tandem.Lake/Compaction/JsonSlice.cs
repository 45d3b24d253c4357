using System.Text;
using System.Text.Json;

namespace Tandem.Lake.Compaction;

/// <summary>Where a value lies in a line.</summary>
/// <param name="Start">First byte; quotes and brackets included.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Kind">Its first token; <see cref="JsonTokenType.None"/> where the line has no such key.</param>
/// <param name="IsEscaped">True for a string that has escapes.</param>
internal readonly record struct JsonSlice(int Start, int Length, JsonTokenType Kind, bool IsEscaped)
{
    /// <summary>True for a string that stands as it reads.</summary>
    public bool IsPlainString => Kind == JsonTokenType.String && !IsEscaped;

    /// <summary>True where the line has the key with another value than null.</summary>
    public bool IsPresent => Kind is not (JsonTokenType.None or JsonTokenType.Null);

    /// <summary>A string's bytes between its quotes.</summary>
    public ReadOnlySpan<byte> Inside(ReadOnlySpan<byte> line) => line.Slice(Start + 1, Length - 2);

    /// <summary>A string's text, its escapes resolved.</summary>
    public byte[] Unescaped(ReadOnlySpan<byte> line)
    {
        Utf8JsonReader reader = new(Of(line));
        reader.Read();
        return Encoding.UTF8.GetBytes(reader.GetString() ?? "");
    }

    /// <summary>True for a string of this text.</summary>
    public bool Equals(ReadOnlySpan<byte> line, ReadOnlySpan<byte> text) =>
        IsEscaped ? text.SequenceEqual(Unescaped(line)) : text.SequenceEqual(Inside(line));

    /// <summary>The value's bytes.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> line) => line.Slice(Start, Length);
}
