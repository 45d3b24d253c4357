using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Tandem.Server.Routes;

/// <summary>The binary mode of CloudEvents over HTTP: attributes are headers, the body is the data.</summary>
internal static class BinaryCloudEvent
{
    private const string Prefix = "ce-";

    public static bool IsMeant(IHeaderDictionary headers) => headers.ContainsKey(Prefix + "specversion");

    /// <summary>Writes the event as the structured mode would.</summary>
    /// <exception cref="Faults.TandemException">HTP010: the body is not JSON.</exception>
    public static ReadOnlyMemory<byte> ToJson(IHeaderDictionary headers, ReadOnlySpan<byte> body)
    {
        ArrayBufferWriter<byte> bytes = new();
        using Utf8JsonWriter json = new(bytes);
        json.WriteStartObject();
        foreach ((string name, StringValues value) in headers)
        {
            if (name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                // The mode's own rule: what is not printable ASCII comes percent-encoded.
                json.WriteString(
                    name[Prefix.Length..].ToLowerInvariant(), Uri.UnescapeDataString(value.ToString()));
            }
        }

        if (!body.Trim(" \t\r\n"u8).IsEmpty)
        {
            json.WritePropertyName("data");
            try
            {
                json.WriteRawValue(body);
            }
            catch (Exception wrong) when (wrong is JsonException or ArgumentException)
            {
                throw ServerErrors.BadBody("The body is not JSON.", "body", wrong);
            }
        }

        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenMemory;
    }
}
