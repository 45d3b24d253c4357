using System.Globalization;
using System.Runtime.CompilerServices;
using Tandem.Monitoring.Files;
using Tandem.Storage;

namespace Tandem.Monitoring.Drift;

/// <summary>Keeps drift reports, by time.</summary>
/// <remarks>One file a report, <c>drift/&lt;20 digits: microseconds since 1970&gt;.json</c>, format
/// <c>tandem.drift-report/1</c>. Thread safe.</remarks>
public sealed class DriftReports
{
    private const string Folder = "drift/";
    private const string Format = "tandem.drift-report";

    private readonly IObjectStore _store;

    /// <summary>Opens the reports; the store may be empty.</summary>
    /// <param name="store">A store scoped to monitoring's folder.</param>
    public DriftReports(IObjectStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
    }

    /// <summary>Adds a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="cancellationToken">Stops waiting; the report is then whole or absent.</param>
    public async Task AddAsync(DriftReport report, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(report);
        byte[] file = MonitoringFile.Write(report, Format, MonitoringJson.Default.MonitoringEnvelopeDriftReport);
        long micros = (report.Time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        while (!await _store.TryPutAsync(Key(micros), file, cancellationToken).ConfigureAwait(false))
        {
            // Two reports in one microsecond: the second follows the first.
            micros++;
        }
    }

    /// <summary>Lists reports, newest first, reading each as it is asked for.</summary>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <exception cref="Faults.TandemException">MON001: a report is damaged. MON002: it was written by a newer
    /// Tandem.</exception>
    public async IAsyncEnumerable<DriftReport> ListAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        List<string> keys = [];
        await foreach (ObjectEntry entry in _store.ListAsync(Folder, cancellationToken).ConfigureAwait(false))
        {
            keys.Add(entry.Key);
        }

        for (int i = keys.Count - 1; i >= 0; i--)
        {
            byte[] file = await _store.GetAsync(keys[i], cancellationToken).ConfigureAwait(false);
            yield return MonitoringFile.Read(
                file, keys[i], Format, MonitoringJson.Default.MonitoringEnvelopeDriftReport);
        }
    }

    /// <summary>Counts the reports.</summary>
    /// <param name="cancellationToken">Stops counting.</param>
    public async Task<int> CountAsync(CancellationToken cancellationToken = default) =>
        await _store.ListAsync(Folder, cancellationToken).CountAsync(cancellationToken).ConfigureAwait(false);

    private static string Key(long micros) => Folder + micros.ToString("D20", CultureInfo.InvariantCulture) + ".json";
}
