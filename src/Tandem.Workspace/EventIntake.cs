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

    /// <summary>Reads one event, or says why it is refused.</summary>
    public EventRecord? Read(ReadOnlyMemory<byte> line, out Fault? fault)
    {
        ReadOnlyMemory<byte> whole = HasId(line.Span) ? line : WithId(line.Span);
        if (!EventJson.TryRead(whole.Span, out EventRecord? record, out fault))
        {
            return null;
        }

        record = record with { KnownTime = default, Tenant = tenant };
        fault = _check.Find(record);
        return fault is null ? record : null;
    }

    private static bool HasId(ReadOnlySpan<byte> json)
    {
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

    private byte[] WithId(ReadOnlySpan<byte> json)
    {
        int brace = json.IndexOf((byte)'{');
        ReadOnlySpan<byte> rest = json[(brace + 1)..].TrimStart(" \t\r\n"u8);
        string separator = rest.Length > 0 && rest[0] == '}' ? "" : ",";
        byte[] head = Encoding.UTF8.GetBytes($"{{\"id\":\"{Guid.CreateVersion7(clock.GetUtcNow()):N}\"{separator}");
        return [.. head, .. rest];
    }
}
