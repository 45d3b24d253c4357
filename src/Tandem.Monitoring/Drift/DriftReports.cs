using Tandem.Monitoring.Files;
using Tandem.Storage;

namespace Tandem.Monitoring.Drift;

/// <summary>Keeps drift reports, by time.</summary>
/// <remarks>One file a report, <c>drift/&lt;20 digits: microseconds since 1970&gt;.json</c>, format
/// <c>tandem.drift-report/1</c>. Thread safe.</remarks>
public sealed class DriftReports
{
    private readonly ReportFolder<DriftReport> _folder;

    /// <summary>Opens the reports; the store may be empty.</summary>
    /// <param name="store">A store scoped to monitoring's folder.</param>
    public DriftReports(IObjectStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        _folder = new ReportFolder<DriftReport>(
            store, "drift/", "tandem.drift-report", MonitoringJson.Default.MonitoringEnvelopeDriftReport);
    }

    /// <summary>Adds a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="cancellationToken">Stops waiting; the report is then whole or absent.</param>
    public Task AddAsync(DriftReport report, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(report);
        return _folder.AddAsync(report, report.Time, cancellationToken);
    }

    /// <summary>Lists reports, newest first, reading each as it is asked for.</summary>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <exception cref="Faults.TandemException">MON001: a report is damaged. MON002: it was written by a newer
    /// Tandem.</exception>
    public IAsyncEnumerable<DriftReport> ListAsync(CancellationToken cancellationToken = default) =>
        _folder.ListAsync(cancellationToken);

    /// <summary>Counts the reports.</summary>
    /// <param name="cancellationToken">Stops counting.</param>
    public Task<int> CountAsync(CancellationToken cancellationToken = default) =>
        _folder.CountAsync(cancellationToken);
}
