using System.Diagnostics;
using System.Text.Json;
using System.Text.Unicode;

namespace Tandem.Events;

/// <summary>Reads events from JSON objects. Remembers names it met, so that a million events share one copy of their
/// type; not thread safe.</summary>
internal sealed class EventDecoder
{
    private readonly NameCache _names = new();

    /// <summary>Reads one event.</summary>
    /// <exception cref="Tandem.Faults.TandemException">EVT001, EVT002, EVT003: the bytes are not an allowed
    /// event.</exception>
    public EventRecord Read(ReadOnlySpan<byte> json)
    {
        if (json.Length > EventLimits.MaxLineBytes)
        {
            throw EventErrors.TooLarge("The event", json.Length, EventLimits.MaxLineBytes);
        }

        if (!Utf8.IsValid(json))
        {
            throw EventErrors.NotAnEvent("it is not valid UTF-8.");
        }

        try
        {
            EventRecord record = ReadObject(json);
            EventRules.Validate(record);
            return record;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // Utf8JsonReader tells of half surrogates by InvalidOperationException, of other rubbish by JsonException.
            throw EventErrors.NotAnEvent(e.Message, e);
        }
    }

    private EventRecord ReadObject(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json, RawJson.Strict);
        Fields fields = new();
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw EventErrors.NotAnEvent("it is not a JSON object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadField(ref reader, json, ref fields);
        }

        if (reader.Read())
        {
            throw EventErrors.NotAnEvent("something follows the object.");
        }

        return new EventRecord
        {
            Id = fields.Id ?? throw EventErrors.FieldNotAllowed("id", "it is missing"),
            Type = fields.Type ?? throw EventErrors.FieldNotAllowed("type", "it is missing"),
            Tenant = fields.Tenant ?? "default",
            Entities = fields.Entities,
            EventTime = fields.Time,
            KnownTime = fields.Known,
            RequestId = fields.Request,
            Position = fields.Position,
            Propensity = fields.Propensity,
            ModelVersion = fields.Model,
            Features = fields.Features,
            Data = fields.Data,
        };
    }

    private void ReadField(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ref Fields fields)
    {
        EventKey key = EventKeys.Find(reader.ValueSpan, fields.Last) ??
            throw EventErrors.NotAnEvent($"the key '{Cut(reader.GetString()!)}' is unknown.");
        if ((fields.Seen & (1 << (int)key)) != 0)
        {
            throw EventErrors.NotAnEvent($"the key '{EventKeys.Name(key)}' stands there twice.");
        }

        fields.Seen |= 1 << (int)key;
        fields.Last = key;
        reader.Read();
        switch (key)
        {
            case EventKey.Id:
                fields.Id = Text(ref reader, key);
                break;
            case EventKey.Type:
                fields.Type = Name(ref reader, key);
                break;
            case EventKey.Tenant:
                fields.Tenant = Name(ref reader, key);
                break;
            case EventKey.Entities:
                fields.Entities = ReadEntities(ref reader);
                break;
            case EventKey.Time:
                fields.Time = Time(ref reader, key);
                break;
            case EventKey.Known:
                fields.Known = Time(ref reader, key);
                break;
            case EventKey.Request:
                fields.Request = Text(ref reader, key);
                break;
            case EventKey.Position:
                fields.Position = Position(ref reader);
                break;
            case EventKey.Propensity:
                fields.Propensity = Propensity(ref reader);
                break;
            case EventKey.Model:
                fields.Model = Name(ref reader, key);
                break;
            case EventKey.Features:
                fields.Features = Raw(ref reader, json, key, EventLimits.MaxFeaturesBytes);
                break;
            case EventKey.Data:
                fields.Data = Raw(ref reader, json, key, EventLimits.MaxDataBytes);
                break;
            case EventKey.Checksum:
                DemandString(ref reader, key);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private EntityKey[] ReadEntities(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw EventErrors.FieldNotAllowed("entities", "it is not an object");
        }

        List<EntityKey> entities = new(2);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (entities.Count == EventLimits.MaxEntityCount)
            {
                throw EventErrors.TooLarge("The number of entities", entities.Count + 1, EventLimits.MaxEntityCount);
            }

            string entity = _names.Get(ref reader);
            reader.Read();
            entities.Add(new EntityKey(entity, Text(ref reader, EventKey.Entities)));
        }

        return [.. entities];
    }

    private string Name(ref Utf8JsonReader reader, EventKey key)
    {
        DemandString(ref reader, key);
        return _names.Get(ref reader);
    }

    private static string Text(ref Utf8JsonReader reader, EventKey key)
    {
        DemandString(ref reader, key);
        return reader.GetString()!;
    }

    private static void DemandString(ref Utf8JsonReader reader, EventKey key)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw EventErrors.FieldNotAllowed(EventKeys.Name(key), "it is not a text");
        }
    }

    private static DateTimeOffset Time(ref Utf8JsonReader reader, EventKey key)
    {
        DemandString(ref reader, key);
        return EventTime.TryRead(reader.ValueSpan, out DateTimeOffset time)
            ? time
            : throw EventErrors.FieldNotAllowed(
                EventKeys.Name(key), "it is not a moment such as 2026-01-31T23:59:59.123456Z");
    }

    private static int Position(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int position)
            ? position
            : throw EventErrors.FieldNotAllowed("position", "it is not a whole number");

    private static float Propensity(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetSingle(out float propensity)
            ? propensity
            : throw EventErrors.FieldNotAllowed("propensity", "it is not a number");

    private static byte[] Raw(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, EventKey key, int limitBytes)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw EventErrors.FieldNotAllowed(EventKeys.Name(key), "it is not a JSON object");
        }

        int start = (int)reader.TokenStartIndex;
        RawJson.Walk(ref reader, EventKeys.Name(key), json);
        int length = (int)reader.BytesConsumed - start;
        return length <= limitBytes
            ? json.Slice(start, length).ToArray()
            : throw EventErrors.TooLarge($"'{EventKeys.Name(key)}'", length, limitBytes);
    }

    private static string Cut(string text) => text.Length <= 40 ? text : string.Concat(text.AsSpan(0, 40), "…");

    /// <summary>What was read so far; bit k of Seen is key k, Last the key read last.</summary>
    private struct Fields
    {
        public int Seen;
        public EventKey Last;
        public string? Id;
        public string? Type;
        public string? Tenant;
        public EntityKey[] Entities;
        public DateTimeOffset? Time;
        public DateTimeOffset Known;
        public string? Request;
        public int? Position;
        public float? Propensity;
        public string? Model;
        public byte[]? Features;
        public byte[]? Data;

        public Fields()
        {
            Entities = [];
            Last = EventKey.Checksum;
        }
    }
}
