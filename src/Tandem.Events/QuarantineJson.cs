using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tandem.Events;

/// <summary>Objects of the quarantine: a header line, then one row a line.</summary>
internal static class QuarantineJson
{
    public static ReadOnlySpan<byte> Header => "{\"format\":\"tandem.quarantine\",\"version\":1}"u8;

    public static ReadOnlyMemory<byte> Write(IEnumerable<QuarantinedRow> rows)
    {
        ArrayBufferWriter<byte> bytes = new();
        JsonWriterOptions options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using Utf8JsonWriter json = new(bytes, options);
        bytes.Write(Header);
        bytes.Write("\n"u8);
        foreach (QuarantinedRow row in rows)
        {
            JsonSerializer.Serialize(json, row, RowContext.Default.QuarantinedRow);
            json.Reset(bytes);
            bytes.Write("\n"u8);
        }

        return bytes.WrittenMemory;
    }

    public static ReadOnlyMemory<byte> Write(QuarantineReceipt receipt) =>
        JsonSerializer.SerializeToUtf8Bytes(receipt, RowContext.Default.QuarantineReceipt);

    /// <summary>Reads the rows back; throws EVT010 where the object is not ours or not whole.</summary>
    public static List<QuarantinedRow> Read(string key, ReadOnlySpan<byte> content)
    {
        List<QuarantinedRow> rows = [];
        if (!content.StartsWith(Header) || content is not [.., (byte)'\n'])
        {
            throw EventErrors.QuarantineDamaged(key, "it does not begin with this version's header, or ends too soon.");
        }

        ReadOnlySpan<byte> rest = content[(Header.Length + 1)..];
        while (!rest.IsEmpty)
        {
            int feed = rest.IndexOf((byte)'\n');
            rows.Add(ReadRow(key, rest[..feed]));
            rest = rest[(feed + 1)..];
        }

        return rows;
    }

    private static QuarantinedRow ReadRow(string key, ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, RowContext.Default.QuarantinedRow) ??
                throw EventErrors.QuarantineDamaged(key, "a line is null.");
        }
        catch (JsonException e)
        {
            throw EventErrors.QuarantineDamaged(key, e.Message);
        }
    }
}

/// <summary>Reads and writes rows without reflection.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(QuarantinedRow))]
[JsonSerializable(typeof(QuarantineReceipt))]
internal sealed partial class RowContext : JsonSerializerContext;
