using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tandem.Events;

/// <summary>Writes events as JSON objects on one line each. Reused, so that an event costs no garbage; not thread
/// safe.</summary>
internal sealed class EventEncoder : IDisposable
{
    // Nothing here is ever put into HTML: text stays readable as it is.
    private readonly Utf8JsonWriter _json = new(
        Stream.Null,
        new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Appends an event's object to the output, without line end.</summary>
    /// <returns>Bytes of the id as it stands in the object, and where the known time's <see cref="EventTime.Length"/>
    /// bytes are: a place that the committer can fill in.</returns>
    /// <exception cref="Tandem.Faults.TandemException">EVT001, EVT002, EVT003: the event is not allowed.</exception>
    public (int IdLength, int KnownAt) Write(EventRecord record, IBufferWriter<byte> output)
    {
        // Everything is checked before the first byte is written.
        EventRules.Validate(record);
        Validate(EventKey.Features, record.Features.Span, EventLimits.MaxFeaturesBytes);
        Validate(EventKey.Data, record.Data.Span, EventLimits.MaxDataBytes);
        _json.Reset(output);
        _json.WriteStartObject();
        _json.WriteString(EventKeys.Encoded(EventKey.Id), record.Id);
        int idLength = (int)_json.BytesPending + (int)_json.BytesCommitted - LineId.Start - 1;
        _json.WriteString(EventKeys.Encoded(EventKey.Type), record.Type);
        _json.WriteString(EventKeys.Encoded(EventKey.Tenant), record.Tenant);
        WriteEntities(record.Entities);
        if (record.EventTime is { } time)
        {
            WriteTime(EventKey.Time, time);
        }

        WriteTime(EventKey.Known, record.KnownTime);
        int knownAt = (int)(_json.BytesCommitted + _json.BytesPending) - EventTime.Length - 1;
        WriteDecision(record);
        WriteRaw(EventKey.Features, record.Features.Span);
        WriteRaw(EventKey.Data, record.Data.Span);
        _json.WriteEndObject();
        _json.Flush();
        return (idLength, knownAt);
    }

    public void Dispose() => _json.Dispose();

    private void WriteEntities(IReadOnlyList<EntityKey> entities)
    {
        if (entities.Count == 0)
        {
            return;
        }

        _json.WriteStartObject(EventKeys.Encoded(EventKey.Entities));
        for (int i = 0; i < entities.Count; i++)
        {
            _json.WriteString(entities[i].Entity, entities[i].Id);
        }

        _json.WriteEndObject();
    }

    private void WriteDecision(EventRecord record)
    {
        if (record.RequestId is not null)
        {
            _json.WriteString(EventKeys.Encoded(EventKey.Request), record.RequestId);
        }

        if (record.Position is { } position)
        {
            _json.WriteNumber(EventKeys.Encoded(EventKey.Position), position);
        }

        if (record.Propensity is { } propensity)
        {
            _json.WriteNumber(EventKeys.Encoded(EventKey.Propensity), propensity);
        }

        if (record.ModelVersion is not null)
        {
            _json.WriteString(EventKeys.Encoded(EventKey.Model), record.ModelVersion);
        }
    }

    private void WriteTime(EventKey key, DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[EventTime.Length];
        EventTime.Write(time, text);
        _json.WriteString(EventKeys.Encoded(key), text);
    }

    private static void Validate(EventKey key, ReadOnlySpan<byte> json, int limitBytes)
    {
        if (!json.IsEmpty)
        {
            RawJson.Validate(EventKeys.Name(key), json, limitBytes);
        }
    }

    private void WriteRaw(EventKey key, ReadOnlySpan<byte> json)
    {
        if (!json.IsEmpty)
        {
            _json.WritePropertyName(EventKeys.Encoded(key));
            RawJson.WriteOnOneLine(_json, json);
        }
    }
}
