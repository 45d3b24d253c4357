using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tandem.Faults;
using Tandem.Spec;

namespace Tandem.Workspace;

/// <summary>Turns CloudEvents 1.0 in JSON into events; <c>docs/http.md</c> says what becomes what.</summary>
/// <remarks>Reads shape, not content: what it gives goes through the same checks as an event that was sent as
/// one.</remarks>
internal sealed class CloudEventReader(SystemSpec spec)
{
    private const int SourceHashBytes = 8;

    // Its own object stands around data, whose depth the reader of events judges.
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether a text is meant as a CloudEvent rather than as an event, which has no such key.</summary>
    public static bool IsMeant(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("specversion"u8, out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Turns a CloudEvent into an event's JSON, or says why it is none.</summary>
    public ReadOnlyMemory<byte> Translate(ReadOnlyMemory<byte> json, out Fault? fault)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return Write(document.RootElement, out fault);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            // Half surrogates are told of by InvalidOperationException.
            fault = WorkspaceErrors.NotACloudEvent(wrong.Message.TrimEnd('.'));
            return default;
        }
    }

    private ReadOnlyMemory<byte> Write(JsonElement from, out Fault? fault)
    {
        if (from.ValueKind != JsonValueKind.Object)
        {
            fault = WorkspaceErrors.NotACloudEvent("it is not a JSON object");
            return default;
        }

        string? id = Attribute(from, "id");
        string? source = Attribute(from, "source");
        string? type = Attribute(from, "type");
        string? why = Attribute(from, "specversion") != "1.0" ? "its 'specversion' is not 1.0"
            : id is null ? "it has no 'id'"
            : source is null ? "it has no 'source'"
            : type is null ? "it has no 'type'"
            : WrongData(from);
        if (why is not null)
        {
            fault = WorkspaceErrors.NotACloudEvent(why);
            return default;
        }

        fault = null;
        ArrayBufferWriter<byte> bytes = new();
        using Utf8JsonWriter json = new(bytes, Plain);
        string name = SourceName(type!);
        IReadOnlyList<string> entities = spec.Sources.TryGetValue(name, out SourceSpec? found) ? found.Entities : [];
        json.WriteStartObject();
        json.WriteString("id", $"{id}@{Hash(source!)}");
        json.WriteString("type", name);
        WriteEntities(json, from, entities);
        WriteText(json, from, "time");
        WriteText(json, from, "request");
        WriteNumber(json, from, "position");
        WriteNumber(json, from, "propensity");
        WriteText(json, from, "model");
        WriteData(json, from, entities);
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenMemory;
    }

    private static string? WrongData(JsonElement from)
    {
        if (from.TryGetProperty("data_base64"u8, out _))
        {
            return "its data are bytes ('data_base64'), not columns";
        }

        string? mediaType = Attribute(from, "datacontenttype")?.Split(';')[0].Trim();
        if (mediaType is not null && !mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && !mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase))
        {
            return $"its 'datacontenttype' is '{mediaType}', not application/json";
        }

        return from.TryGetProperty("data"u8, out JsonElement data)
            && data.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null)
            ? "its 'data' is not a JSON object" : null;
    }

    /// <summary>A source's name stands there as it is, or behind the last dot: <c>com.example.play</c>.</summary>
    private string SourceName(string type) => spec.Sources.ContainsKey(type) ? type : type[(type.LastIndexOf('.') + 1)..];

    // Ids are unique within a 'source' alone, so its hash stands behind them.
    private static string Hash(string source) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source)), 0, SourceHashBytes);

    private static void WriteEntities(Utf8JsonWriter json, JsonElement from, IReadOnlyList<string> entities)
    {
        string? subject = Attribute(from, "subject");
        json.WriteStartObject("entities");
        foreach (string entity in entities)
        {
            string? id = Attribute(from, entity) ?? (Data(from) is { } data ? Attribute(data, entity) : null);
            if (id is null)
            {
                (id, subject) = (subject, null);
            }

            if (id is not null)
            {
                json.WriteString(entity, id);
            }
        }

        json.WriteEndObject();
    }

    private static void WriteData(Utf8JsonWriter json, JsonElement from, IReadOnlyList<string> entities)
    {
        if (Data(from) is not { } data)
        {
            return;
        }

        json.WriteStartObject("data");
        foreach (JsonProperty column in data.EnumerateObject())
        {
            if (!entities.Contains(column.Name, StringComparer.Ordinal))
            {
                column.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }

    private static JsonElement? Data(JsonElement from) =>
        from.TryGetProperty("data"u8, out JsonElement data) && data.ValueKind == JsonValueKind.Object ? data : null;

    private static void WriteText(Utf8JsonWriter json, JsonElement from, string name)
    {
        if (Attribute(from, name) is { } text)
        {
            json.WriteString(name, text);
        }
    }

    // Attributes of the binary mode are headers, so numbers come as texts too.
    private static void WriteNumber(Utf8JsonWriter json, JsonElement from, string name)
    {
        if (Attribute(from, name) is not { } text)
        {
            return;
        }

        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number))
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteString(name, text);
        }
    }

    private static string? Attribute(JsonElement from, string name)
    {
        if (!from.TryGetProperty(name, out JsonElement value))
        {
            return null;
        }

        string? text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
        return string.IsNullOrEmpty(text) ? null : text;
    }
}
