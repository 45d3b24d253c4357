using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tandem.Storage;

namespace Tandem.Monitoring.Files;

/// <summary>Bytes of what monitoring keeps: <c>{"format": "tandem.name/1", "record": …}</c>.</summary>
internal static class MonitoringFile
{
    private const int Newest = 1;

    public static byte[] Write<T>(T record, string format, JsonTypeInfo<MonitoringEnvelope<T>> type) =>
        JsonSerializer.SerializeToUtf8Bytes(new MonitoringEnvelope<T>($"{format}/{Newest}", record), type);

    public static T Read<T>(
        ReadOnlyMemory<byte> file, string place, string format, JsonTypeInfo<MonitoringEnvelope<T>> type)
    {
        try
        {
            CheckFormat(file, place, format);
            return JsonSerializer.Deserialize(file.Span, type)!.Record;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            throw MonitoringErrors.NotWhatWasWritten(place, format, exception);
        }
    }

    private static void CheckFormat(ReadOnlyMemory<byte> file, string place, string format)
    {
        int version = JsonFormat.ReadVersion(file, format, out string found)
            ?? throw MonitoringErrors.NotWhatWasWritten(place, format);
        if (version > Newest)
        {
            throw MonitoringErrors.Newer(place, found, Newest);
        }
    }
}
