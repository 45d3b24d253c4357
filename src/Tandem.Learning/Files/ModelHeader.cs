using System.Buffers;
using System.Text.Json;
using Tandem.Numerics;

namespace Tandem.Learning.Files;

/// <summary>The JSON header of a model file: kind, settings, and the name, type and length of each array in
/// order.</summary>
internal sealed record ModelHeader(
    string Kind, IReadOnlyDictionary<string, double> Settings,
    IReadOnlyList<(string Name, string Type, int Length)> Arrays)
{
    public static byte[] Write(
        string kind, IReadOnlyList<KeyValuePair<string, double>> settings, ReadOnlySpan<ModelArray> arrays)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteString("kind"u8, kind);
            json.WriteStartObject("settings"u8);
            foreach ((string name, double value) in settings)
            {
                json.WriteNumber(name, value);
            }

            json.WriteEndObject();
            json.WriteStartArray("arrays"u8);
            foreach (ModelArray array in arrays)
            {
                json.WriteStartObject();
                json.WriteString("name"u8, array.Name);
                json.WriteString("type"u8, array.Type);
                json.WriteNumber("length"u8, array.Length);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a header whose checksum has been verified.</summary>
    public static ModelHeader Read(ReadOnlyMemory<byte> bytes)
    {
        using var document = JsonDocument.Parse(bytes);
        JsonElement root = document.RootElement;
        Dictionary<string, double> settings = new(StringComparer.Ordinal);
        foreach (JsonProperty setting in Member(root, "settings").EnumerateObject())
        {
            settings[setting.Name] = setting.Value.GetDouble();
        }

        List<(string, string, int)> arrays = [];
        foreach (JsonElement array in Member(root, "arrays").EnumerateArray())
        {
            arrays.Add((Text(array, "name"), Text(array, "type"), Member(array, "length").GetInt32()));
        }

        return new ModelHeader(Text(root, "kind"), settings, arrays);
    }

    /// <summary>Makes the arrays that the bytes are read into.</summary>
    public ModelArray[] MakeArrays()
    {
        var made = new ModelArray[Arrays.Count];
        for (int i = 0; i < made.Length; i++)
        {
            (string name, string type, int length) = Arrays[i];
            made[i] = type switch
            {
                "f32" when length >= 0 => new ModelArray(name, LargeArray.Zeros<float>(length)),
                "i32" when length >= 0 => new ModelArray(name, new int[length]),
                _ => throw new FormatException($"Array '{name}' has type '{type}' and length {length}."),
            };
        }

        return made;
    }

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement member)
            ? member
            : throw new FormatException($"'{name}' is missing.");

    private static string Text(JsonElement parent, string name) =>
        Member(parent, name).GetString() ?? throw new FormatException($"'{name}' is null.");
}
