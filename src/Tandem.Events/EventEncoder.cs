using System.Buffers;

namespace Tandem.Events;

/// <summary>Writes events as JSON objects on one line each. Makes no garbage; thread safe.</summary>
internal static class EventEncoder
{
    // What an object takes beside its texts, raw objects and entities: every key, mark, moment and number at its longest.
    private const int FrameBytes = 256;

    // Quotes, colon and comma around an entity's name and id.
    private const int EntityFrameBytes = 6;

    /// <summary>Appends an event's object to the output, without line end.</summary>
    /// <returns>Bytes of the id as it stands in the object, and where the known time's <see cref="EventTime.Length"/>
    /// bytes are: a place that the committer can fill in.</returns>
    /// <exception cref="Tandem.Faults.TandemException">EVT001, EVT002, EVT003: the event is not allowed.</exception>
    public static (int IdLength, int KnownAt) Write(EventRecord record, IBufferWriter<byte> output)
    {
        // Everything is checked before the first byte is written.
        Validate(record);
        JsonCursor json = new(output.GetSpan(MaxBytes(record)));
        json.Raw("{\"id\":"u8);
        json.Text(record.Id);
        int idLength = json.Length - LineId.Start - 1;
        json.Raw(EventKeys.Lead(EventKey.Type));
        json.Text(record.Type);
        json.Raw(EventKeys.Lead(EventKey.Tenant));
        json.Text(record.Tenant);
        WriteEntities(ref json, record.Entities);
        if (record.EventTime is { } time)
        {
            json.Raw(EventKeys.Lead(EventKey.Time));
            json.Time(time);
        }

        json.Raw(EventKeys.Lead(EventKey.Known));
        int knownAt = json.Length + 1;
        json.Time(record.KnownTime);
        WriteDecision(ref json, record);
        WriteRaw(ref json, EventKey.Features, record.Features.Span);
        WriteRaw(ref json, EventKey.Data, record.Data.Span);
        json.Raw("}"u8);
        output.Advance(json.Length);
        return (idLength, knownAt);
    }

    /// <summary>Throws EVT001, EVT002 or EVT003 unless the event is allowed.</summary>
    public static void Validate(EventRecord record)
    {
        EventRules.Validate(record);
        Validate(EventKey.Features, record.Features.Span, EventLimits.MaxFeaturesBytes);
        Validate(EventKey.Data, record.Data.Span, EventLimits.MaxDataBytes);
    }

    private static void WriteEntities(ref JsonCursor json, IReadOnlyList<EntityKey> entities)
    {
        if (entities.Count == 0)
        {
            return;
        }

        json.Raw(EventKeys.Lead(EventKey.Entities));
        for (int i = 0; i < entities.Count; i++)
        {
            json.Raw(i == 0 ? "{"u8 : ","u8);
            json.Text(entities[i].Entity);
            json.Raw(":"u8);
            json.Text(entities[i].Id);
        }

        json.Raw("}"u8);
    }

    private static void WriteDecision(ref JsonCursor json, EventRecord record)
    {
        if (record.RequestId is not null)
        {
            json.Raw(EventKeys.Lead(EventKey.Request));
            json.Text(record.RequestId);
        }

        if (record.Position is { } position)
        {
            json.Raw(EventKeys.Lead(EventKey.Position));
            json.Number(position);
        }

        if (record.Propensity is { } propensity)
        {
            json.Raw(EventKeys.Lead(EventKey.Propensity));
            json.Number(propensity);
        }

        if (record.ModelVersion is not null)
        {
            json.Raw(EventKeys.Lead(EventKey.Model));
            json.Text(record.ModelVersion);
        }
    }

    private static void WriteRaw(ref JsonCursor json, EventKey key, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
        {
            json.Raw(EventKeys.Lead(key));
            json.OnOneLine(value);
        }
    }

    private static void Validate(EventKey key, ReadOnlySpan<byte> json, int limitBytes)
    {
        if (!json.IsEmpty)
        {
            RawJson.Validate(EventKeys.Name(key), json, limitBytes);
        }
    }

    private static int MaxBytes(EventRecord record)
    {
        int units = record.Id.Length + record.Type.Length + record.Tenant.Length
            + (record.RequestId?.Length ?? 0) + (record.ModelVersion?.Length ?? 0);
        for (int i = 0; i < record.Entities.Count; i++)
        {
            units += record.Entities[i].Entity.Length + record.Entities[i].Id.Length;
        }

        return FrameBytes + (EntityFrameBytes * record.Entities.Count) + (JsonCursor.MaxBytesPerUnit * units)
            + record.Features.Length + record.Data.Length;
    }
}
