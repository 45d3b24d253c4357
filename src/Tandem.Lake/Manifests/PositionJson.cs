using System.Text.Json;
using System.Text.Json.Serialization;
using Tandem.Events;

namespace Tandem.Lake.Manifests;

/// <summary>Journal positions as whole numbers.</summary>
internal sealed class PositionJson : JsonConverter<JournalPosition>
{
    public override JournalPosition Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, JournalPosition value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.Offset);
}
