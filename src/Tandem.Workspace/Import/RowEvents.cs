using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Spec;

namespace Tandem.Workspace.Import;

/// <summary>Makes events of rows.</summary>
internal sealed class RowEvents : IDisposable
{
    private const char Undecodable = '\uFFFD';

    private readonly string _source;
    private readonly string _tenant;
    private readonly string _part;
    private readonly string? _timeFormat;
    private readonly RowFields _fields;
    private readonly EventIds _ids;
    private readonly ArrayBufferWriter<byte> _data = new();
    private readonly Utf8JsonWriter _json;

    public RowEvents(string source, string tenant, string part, string? timeFormat, RowFields fields)
    {
        _source = source;
        _tenant = tenant;
        _part = part;
        _timeFormat = timeFormat;
        _fields = fields;
        _ids = new EventIds(source, part);
        JsonWriterOptions options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        _json = new Utf8JsonWriter(_data, options);
    }

    /// <summary>Makes the event of a row.</summary>
    /// <param name="row">Stands on the row.</param>
    /// <param name="fault">Why there is none, or null.</param>
    /// <returns>The event, or null where the row is refused.</returns>
    public EventRecord? Make(IRowReader row, out Fault? fault)
    {
        string? refusal = row.Refusal;
        EventRecord? record = refusal is null ? Make(row, out refusal) : null;
        fault = record is null ? ImportErrors.NoEvent(refusal!) : EventJson.FindFault(record);
        return fault is null ? record : null;
    }

    public void Dispose() => _json.Dispose();

    private EventRecord? Make(IRowReader row, out string? refusal)
    {
        ReadOnlySpan<string?> values = row.Values;
        var entities = new EntityKey[_fields.EntityCount];
        DateTimeOffset? time = null;
        DateTimeOffset? known = null;
        refusal = ReadEntities(values, entities) ?? ReadTime(values, _fields.TimeIndex, ref time) ??
            ReadTime(values, _fields.KnownIndex, ref known) ?? WriteData(values);
        return refusal is not null
            ? null
            : new EventRecord
            {
                Id = _ids.At(row.Line, 0),
                Type = _source,
                Tenant = _tenant,
                Entities = entities,
                EventTime = time,
                KnownTime = known ?? default,
                Data = _data.WrittenSpan.ToArray(),
            };
    }

    private string? ReadEntities(ReadOnlySpan<string?> values, EntityKey[] entities)
    {
        for (int i = 0; i < entities.Length; i++)
        {
            if (values[i] is not { } id)
            {
                return $"'{_fields.Targets[i]}' is missing";
            }

            if (id.Contains(Undecodable, StringComparison.Ordinal))
            {
                return $"'{_fields.Targets[i]}' is not valid UTF-8";
            }

            entities[i] = new EntityKey(_fields.Targets[i], id);
        }

        return null;
    }

    private string? ReadTime(ReadOnlySpan<string?> values, int index, ref DateTimeOffset? time)
    {
        if (index < 0)
        {
            return null;
        }

        if (values[index] is not { } text)
        {
            return $"'{_fields.Targets[index]}' is missing";
        }

        if (!TimeText.TryRead(text, _timeFormat, out DateTimeOffset moment))
        {
            return $"'{_fields.Targets[index]}' is not a moment: '{text}'";
        }

        time = moment;
        return null;
    }

    private string? WriteData(ReadOnlySpan<string?> values)
    {
        _data.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString(ImportColumns.Part, _part);
        for (int i = 0; i < _fields.Columns.Count; i++)
        {
            (string name, ColumnSpec column) = _fields.Columns[i];
            string? text = values[_fields.FirstColumnIndex + i];
            string? refusal = text switch
            {
                null => column.IsRequired ? "is missing" : null,
                _ when text.Contains(Undecodable, StringComparison.Ordinal) => "is not valid UTF-8",
                _ => ColumnText.Write(_json, name, column, text, _timeFormat),
            };
            if (refusal is not null)
            {
                return $"'{name}' {refusal}: '{text}'";
            }
        }

        _json.WriteEndObject();
        _json.Flush();
        return null;
    }
}
