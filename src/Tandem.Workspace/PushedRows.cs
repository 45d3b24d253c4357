using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tandem.Spec;
using Tandem.Workspace.Import;

namespace Tandem.Workspace;

/// <summary>Rows of one source that stand in columns, on their way to events.</summary>
internal sealed class PushedRows
{
    private const string TimeColumn = "event_timestamp";
    private const string IdColumn = "id";

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _source;
    private readonly SourceSpec _spec;
    private readonly KeyValuePair<string, IReadOnlyList<JsonElement>>[] _columns;

    public PushedRows(
        string source, SourceSpec spec, IReadOnlyDictionary<string, IReadOnlyList<JsonElement>> columns)
    {
        _source = source;
        _spec = spec;

        // The order in which a client names them changes no id.
        _columns = [.. columns.OrderBy(static column => column.Key, StringComparer.Ordinal)];
    }

    /// <summary>Writes the event of a row. Nulls are left out; what is wrong with it, the intake says.</summary>
    public ReadOnlyMemory<byte> ToEvent(int row)
    {
        ArrayBufferWriter<byte> bytes = new();
        using Utf8JsonWriter json = new(bytes, Plain);
        json.WriteStartObject();
        json.WriteString("type", _source);
        json.WriteStartObject("entities");
        foreach (string entity in _spec.Entities)
        {
            JsonElement id = Cell(entity, row);
            if (IsGiven(id))
            {
                json.WriteString(entity, id.ToString());
            }
        }

        json.WriteEndObject();
        JsonElement time = Cell(TimeColumn, row);
        if (IsGiven(time) && !_spec.Columns.ContainsKey(TimeColumn))
        {
            json.WriteString("time", Moment(time.ToString()));
        }

        json.WriteStartObject("data");
        foreach ((string name, IReadOnlyList<JsonElement> values) in _columns)
        {
            bool isColumn = _spec.Columns.ContainsKey(name)
                || (name is not TimeColumn and not IdColumn && !_spec.Entities.Contains(name, StringComparer.Ordinal));
            if (isColumn && IsGiven(values[row]))
            {
                json.WritePropertyName(name);
                values[row].WriteTo(json);
            }
        }

        json.WriteEndObject();
        json.Flush();
        JsonElement given = Cell(IdColumn, row);
        if (IsGiven(given) && !_spec.Columns.ContainsKey(IdColumn))
        {
            json.WritePropertyName(IdColumn);
            given.WriteTo(json);
        }
        else
        {
            json.WriteString(IdColumn, "push-" + Convert.ToHexStringLower(SHA256.HashData(bytes.WrittenSpan)));
        }

        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenMemory;
    }

    private JsonElement Cell(string name, int row)
    {
        foreach ((string column, IReadOnlyList<JsonElement> values) in _columns)
        {
            if (column == name)
            {
                return values[row];
            }
        }

        return default;
    }

    private static bool IsGiven(JsonElement value) =>
        value.ValueKind is not JsonValueKind.Undefined and not JsonValueKind.Null;

    /// <summary>A moment without an offset is meant in UTC; what is none is left for the intake to refuse.</summary>
    private static string Moment(string text) =>
        TimeText.TryRead(text, null, out DateTimeOffset moment) ? TimeText.Write(moment) : text;
}
