using System.Buffers;
using System.Text.Json;
using Tandem.Events;

namespace Tandem.Features;

/// <summary>What an answer logs of its features: the values, by name, with the hash of their definitions and how much of
/// the log they had seen, so that they can be computed again.</summary>
/// <remarks>A JSON object: <c>{"view:feature":3.5,…,"@set":"16 hex digits","@seen":81234}</c>. No feature's name begins
/// with <c>@</c>.</remarks>
/// <param name="Definitions">The <see cref="FeatureSet.Definitions"/> that gave the values, or null
/// where the object does not say.</param>
/// <param name="SeenUntil">The values saw every event before this place of the log and none from it on; null where the
/// object does not say.</param>
public readonly record struct ServedFeatures(string? Definitions, JournalPosition? SeenUntil)
{
    private static readonly JsonEncodedText DefinitionsKey = JsonEncodedText.Encode("@set");
    private static readonly JsonEncodedText SeenKey = JsonEncodedText.Encode("@seen");

    /// <summary>Writes the object.</summary>
    /// <param name="set">The layout of the vector.</param>
    /// <param name="values">The vector, length of the set; NaN is null.</param>
    /// <param name="seenUntil">What <see cref="FeatureStore.ReadTogether"/> gave.</param>
    /// <param name="output">Receives UTF-8.</param>
    public static void Write(
        FeatureSet set, ReadOnlySpan<float> values, JournalPosition seenUntil, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(set);
        using var writer = new Utf8JsonWriter(output);
        writer.WriteStartObject();
        set.WriteValues(values, writer);
        writer.WriteString(DefinitionsKey, set.Definitions);
        writer.WriteNumber(SeenKey, seenUntil.Offset);
        writer.WriteEndObject();
    }

    /// <summary>Reads what an object says beside its values; <see cref="FeatureSet.ReadJson"/> reads those.</summary>
    /// <param name="json">The object in UTF-8; empty for none.</param>
    /// <exception cref="JsonException">It is no JSON object.</exception>
    public static ServedFeatures Read(ReadOnlySpan<byte> json)
    {
        string? definitions = null;
        JournalPosition? seen = null;
        if (json.IsEmpty)
        {
            return default;
        }

        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isDefinitions = reader.ValueTextEquals(DefinitionsKey.EncodedUtf8Bytes);
            bool isSeen = reader.ValueTextEquals(SeenKey.EncodedUtf8Bytes);
            reader.Read();
            if (isDefinitions && reader.TokenType == JsonTokenType.String)
            {
                definitions = reader.GetString();
            }
            else if (isSeen && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long offset))
            {
                seen = new JournalPosition(offset);
            }

            reader.Skip();
        }

        return new ServedFeatures(definitions, seen);
    }
}
