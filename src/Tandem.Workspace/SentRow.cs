using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tandem.Faults;
using Tandem.Spec;
using Tandem.Workspace.Import;

namespace Tandem.Workspace;

/// <summary>A row as clients send it: <c>{"id": …, "data": {…}, "time": …}</c>; the id may come by another way.</summary>
/// <param name="Id">Id of the entity.</param>
/// <param name="Data">Its columns; null where none were sent.</param>
/// <param name="Time">Since when it is so, as it was sent; null for now.</param>
internal sealed record SentRow(string Id, JsonElement? Data, string? Time)
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a row, or says why it is none.</summary>
    /// <param name="json">One JSON object.</param>
    /// <param name="id">The id where the row stands under one; null where it names its own.</param>
    /// <param name="fault">Why there is none.</param>
    public static SentRow? Read(ReadOnlyMemory<byte> json, string? id, out Fault? fault)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return Read(document.RootElement.Clone(), id, out fault);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            // Half surrogates are told of by InvalidOperationException.
            fault = WorkspaceErrors.NotARow(wrong.Message.TrimEnd('.'));
            return null;
        }
    }

    /// <summary>Writes the event that says so.</summary>
    /// <param name="eventId">Id of the event.</param>
    /// <param name="table">Its source.</param>
    /// <param name="entity">Name of the entity.</param>
    /// <param name="now">Its time where the row brings none; null in data without times.</param>
    /// <param name="columns">Its columns; null where the entity is gone.</param>
    public ReadOnlyMemory<byte> ToEvent(
        string eventId, string table, string entity, DateTimeOffset? now, IEnumerable<JsonProperty>? columns)
    {
        ArrayBufferWriter<byte> bytes = new();
        using Utf8JsonWriter json = new(bytes, Plain);
        json.WriteStartObject();
        json.WriteString("id", eventId);
        json.WriteString("type", table);
        json.WriteStartObject("entities");
        json.WriteString(entity, Id);
        json.WriteEndObject();
        if ((Time ?? (now is { } moment ? TimeText.Write(moment) : null)) is { } time)
        {
            json.WriteString("time", time);
        }

        json.WriteStartObject("data");
        if (columns is null)
        {
            json.WriteBoolean(SourceSpec.DeletedColumn, true);
        }

        foreach (JsonProperty column in columns ?? [])
        {
            column.WriteTo(json);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenMemory;
    }

    private static SentRow? Read(JsonElement row, string? id, out Fault? fault)
    {
        string? why = row.ValueKind != JsonValueKind.Object ? "it is not a JSON object" : null;
        string? own = null;
        string? time = null;
        JsonElement? data = null;
        foreach (JsonProperty key in why is null ? row.EnumerateObject() : default)
        {
            switch (key.Name)
            {
                case "id" when id is null && key.Value.ValueKind == JsonValueKind.String:
                    own = key.Value.GetString();
                    break;
                case "data" when key.Value.ValueKind == JsonValueKind.Object:
                    data = key.Value;
                    break;
                case "time" when key.Value.ValueKind == JsonValueKind.String:
                    time = key.Value.GetString();
                    break;
                default:
                    why ??= $"its '{(key.Name.Length <= 40 ? key.Name : key.Name[..40] + "…")}' is not allowed";
                    break;
            }
        }

        why ??= (id ?? own) is null ? "it has no 'id'" : null;
        fault = why is null ? null : WorkspaceErrors.NotARow(why);
        return why is null ? new SentRow((id ?? own)!, data, time) : null;
    }
}
