using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tandem.Storage;

namespace Tandem.Registry.Records;

/// <summary>Bytes of a record: <c>{"format": …, "record": …, "hash": …}</c>, the hash over every byte before its own
/// line. <c>docs/formats/registry.md</c> describes it.</summary>
internal static class RecordFile
{
    private const string VersionFormat = "tandem.model-version";
    private const string ChangeFormat = "tandem.alias-change";
    private const int Newest = 1;
    private const int HashLength = 71;

    // The hash after the record and the end after the hash take always as many bytes.
    private static ReadOnlySpan<byte> SealStart => ",\n  \"hash\": \""u8;

    private static ReadOnlySpan<byte> SealEnd => "\"\n}\n"u8;

    public static byte[] Write(ModelVersion version) =>
        Write(version, VersionFormat, RegistryJson.Default.RecordEnvelopeModelVersion);

    public static byte[] Write(AliasChange change) =>
        Write(change, ChangeFormat, RegistryJson.Default.RecordEnvelopeAliasChange);

    public static ModelVersion ReadVersion(byte[] file, string key) =>
        Read(file, key, VersionFormat, RegistryJson.Default.RecordEnvelopeModelVersion);

    public static AliasChange ReadChange(byte[] file, string key) =>
        Read(file, key, ChangeFormat, RegistryJson.Default.RecordEnvelopeAliasChange);

    private static byte[] Write<T>(T record, string format, JsonTypeInfo<RecordEnvelope<T>> type)
    {
        RecordEnvelope<T> envelope = new($"{format}/{Newest}", record);
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(envelope, type);
        ReadOnlySpan<byte> body = json.AsSpan(0, json.Length - "\n}"u8.Length);
        return [.. body, .. SealStart, .. Hash(body), .. SealEnd];
    }

    private static T Read<T>(byte[] file, string key, string format, JsonTypeInfo<RecordEnvelope<T>> type)
    {
        try
        {
            CheckFormat(file, key, format);
            CheckHash(file, key);
            return JsonSerializer.Deserialize(file, type)!.Record;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw RegistryErrors.DamagedRecord(key, "it is not the JSON that was written", exception);
        }
    }

    private static void CheckFormat(byte[] file, string key, string format)
    {
        int version = JsonFormat.ReadVersion(file, format, out string found)
            ?? throw RegistryErrors.DamagedRecord(key, $"its format is '{found}', not '{format}'");
        if (version > Newest)
        {
            throw RegistryErrors.NewerRecord(key, found, Newest);
        }
    }

    private static void CheckHash(ReadOnlySpan<byte> file, string key)
    {
        int length = file.Length - (SealStart.Length + HashLength + SealEnd.Length);
        ReadOnlySpan<byte> body = length > 0 ? file[..length] : default;
        if (length <= 0 || !file[length..].SequenceEqual([.. SealStart, .. Hash(body), .. SealEnd]))
        {
            throw RegistryErrors.DamagedRecord(key, "its bytes do not match its hash");
        }
    }

    private static byte[] Hash(ReadOnlySpan<byte> body) => Encoding.ASCII.GetBytes(ContentHash.Of(body));
}
