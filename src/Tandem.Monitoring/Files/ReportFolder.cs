using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Tandem.Storage;

namespace Tandem.Monitoring.Files;

/// <summary>Reports of one kind, one file each, named by their time in microseconds since 1970.</summary>
internal sealed class ReportFolder<T>(
    IObjectStore store, string folder, string format, JsonTypeInfo<MonitoringEnvelope<T>> type)
{
    public async Task AddAsync(T report, DateTimeOffset time, CancellationToken cancellationToken)
    {
        byte[] file = MonitoringFile.Write(report, format, type);
        long micros = (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        while (!await store.TryPutAsync(Key(micros), file, cancellationToken).ConfigureAwait(false))
        {
            // Two reports in one microsecond: the second follows the first.
            micros++;
        }
    }

    /// <summary>Newest first, reading each as it is asked for.</summary>
    public async IAsyncEnumerable<T> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<string> keys = [];
        await foreach (ObjectEntry entry in store.ListAsync(folder, cancellationToken).ConfigureAwait(false))
        {
            keys.Add(entry.Key);
        }

        for (int i = keys.Count - 1; i >= 0; i--)
        {
            byte[] file = await store.GetAsync(keys[i], cancellationToken).ConfigureAwait(false);
            yield return MonitoringFile.Read(file, keys[i], format, type);
        }
    }

    public async Task<int> CountAsync(CancellationToken cancellationToken) =>
        await store.ListAsync(folder, cancellationToken).CountAsync(cancellationToken).ConfigureAwait(false);

    private string Key(long micros) => folder + micros.ToString("D20", CultureInfo.InvariantCulture) + ".json";
}
