using System.Text;
using System.Text.Json;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Spec;

namespace Tandem.Workspace;

/// <summary>Reads what clients send: an id is made where none is given, the known time and the tenant are
/// ours.</summary>
internal sealed class EventIntake(SystemSpec spec, string tenant, TimeProvider clock)
{
    private readonly EventCheck _check = new(spec, clock);
    private readonly CloudEventReader _cloudEvents = new(spec);

    /// <summary>Reads one event, or says why it is refused.</summary>
    /// <param name="line">One JSON object.</param>
    /// <param name="form">How it is written.</param>
    /// <param name="refusal">Why there is none; null where there is one.</param>
    /// <param name="idWithoutOwn">Makes the id of an event that brings none; null makes a new one from the
    /// time.</param>
    public EventRecord? Read(
        ReadOnlyMemory<byte> line, EventForm form, out Refusal? refusal, Func<string>? idWithoutOwn = null)
    {
        Fault? fault = null;
        ReadOnlyMemory<byte> json = form == EventForm.CloudEvent ? _cloudEvents.Translate(line, out fault) : line;
        if (fault is not null)
        {
            refusal = new Refusal(fault, "");
            return null;
        }

        ReadOnlyMemory<byte> whole = HasId(json.Span) ? json : WithId(json.Span, idWithoutOwn?.Invoke() ?? NewId());
        if (!EventJson.TryRead(whole.Span, out EventRecord? record, out fault))
        {
            refusal = new Refusal(fault, "");
            return null;
        }

        if (record.KnownTime != default || record.Tenant != tenant)
        {
            record = record with { KnownTime = default, Tenant = tenant };
        }

        fault = _check.Find(record);
        refusal = fault is null ? null : new Refusal(fault, spec.Sources.ContainsKey(record.Type) ? record.Type : "");
        return fault is null ? record : null;
    }

    private string NewId() => Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");

    private static bool HasId(ReadOnlySpan<byte> json)
    {
        // Where nearly every sender puts it.
        if (json.StartsWith("{\"id\":"u8))
        {
            return true;
        }

        try
        {
            Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = 64 });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return true;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("id"u8))
                {
                    return true;
                }

                reader.Read();
                reader.Skip();
            }

            return reader.TokenType != JsonTokenType.EndObject;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            // Not JSON, or a key with half a character in it: the reader of events says what is wrong with it.
            return true;
        }
    }

    private static byte[] WithId(ReadOnlySpan<byte> json, string id)
    {
        int brace = json.IndexOf((byte)'{');
        ReadOnlySpan<byte> rest = json[(brace + 1)..].TrimStart(" \t\r\n"u8);
        string separator = rest.Length > 0 && rest[0] == '}' ? "" : ",";
        byte[] head = Encoding.UTF8.GetBytes($"{{\"id\":\"{id}\"{separator}");
        return [.. head, .. rest];
    }
}
