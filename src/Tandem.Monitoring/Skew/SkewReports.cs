using Tandem.Monitoring.Files;
using Tandem.Storage;

namespace Tandem.Monitoring.Skew;

/// <summary>Keeps skew reports, by time.</summary>
/// <remarks>One file a report, <c>skew/&lt;20 digits: microseconds since 1970&gt;.json</c>, format
/// <c>tandem.skew-report/1</c>. Thread safe.</remarks>
public sealed class SkewReports
{
    private readonly ReportFolder<SkewReport> _folder;

    /// <summary>Opens the reports; the store may be empty.</summary>
    /// <param name="store">A store scoped to monitoring's folder.</param>
    public SkewReports(IObjectStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        _folder = new ReportFolder<SkewReport>(
            store, "skew/", "tandem.skew-report", MonitoringJson.Default.MonitoringEnvelopeSkewReport);
    }

    /// <summary>Adds a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="cancellationToken">Stops waiting; the report is then whole or absent.</param>
    public Task AddAsync(SkewReport report, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(report);
        return _folder.AddAsync(report, report.Time, cancellationToken);
    }

    /// <summary>Lists reports, newest first, reading each as it is asked for.</summary>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <exception cref="Faults.TandemException">MON001: a report is damaged. MON002: it was written by a newer
    /// Tandem.</exception>
    public IAsyncEnumerable<SkewReport> ListAsync(CancellationToken cancellationToken = default) =>
        _folder.ListAsync(cancellationToken);
}
