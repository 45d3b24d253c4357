using Tandem.Lake;
using Tandem.Monitoring.Skew;
using Tandem.Storage;
using Tandem.Training;

namespace Tandem.Workspace;

public sealed partial class TandemWorkspace
{
    // A day's report computes about so many answers again.
    private const long DailySkewRows = 20_000;

    private readonly SkewReports _skewReports;
    private SkewReport? _lastSkew;

    /// <summary>Computes features of logged answers again and compares them with what was served.</summary>
    /// <param name="from">Start of the answers' window, inclusive; null for a day before <paramref name="to"/>. Answers
    /// from before the newest erasure are left out: who was forgotten had counted in them.</param>
    /// <param name="to">Its end, exclusive; null for now.</param>
    /// <param name="share">Share of the people, in (0, 1]; null for as many as give about 20,000 answers.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Faults.TandemException">WSP065: no source of impressions is named, or there are no
    /// features.</exception>
    public async Task<SkewReport> CompareServedAsync(
        DateTimeOffset? from = null, DateTimeOffset? to = null, double? share = null,
        CancellationToken cancellationToken = default)
    {
        if (Spec.Objective.Label.Impression is not { } impression || _views.Count == 0)
        {
            throw WorkspaceErrors.NothingServed();
        }

        DateTimeOffset end = to ?? _options.Clock.GetUtcNow();
        DateTimeOffset start = from ?? end - TimeSpan.FromDays(1);
        if (await LastErasureAsync(cancellationToken).ConfigureAwait(false) is { } erased && erased > start)
        {
            start = erased;
        }

        using LakeSnapshot snapshot =
            await _lake.SnapshotAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        double part = share
            ?? Math.Min(1, (double)DailySkewRows / Math.Max(1, Count(snapshot, impression, start, end, cancellationToken)));
        ServedSample sample = await ServedSample.ReadAsync(
            snapshot, Spec, _views, start, end, part, cancellationToken).ConfigureAwait(false);
        return new SkewMonitor(_options.Clock).Compare(
            Spec.Name, start, end,
            new ServedRows
            {
                Features = sample.Features,
                Events = sample.Events,
                About = [.. Enumerable.Range(0, sample.Events.Count).Select(sample.About)],
                Times = [.. sample.Times.Select(static micros => DateTimeOffset.UnixEpoch.AddMicroseconds(micros))],
                Served = sample.Served,
                Rebuilt = sample.Rebuilt,
                Keys = sample.Keys,
                Share = part,
                LeftOut = sample.LeftOut,
            });
    }

    /// <summary>Makes the skew report of a window, keeps it, and raises an alert where a value differs.</summary>
    /// <param name="from">Start of the answers' window, inclusive.</param>
    /// <param name="to">Its end, exclusive.</param>
    /// <param name="share">Share of the people, in (0, 1]; null for as many as give about 20,000 answers.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The report, or null where no impressions are logged or there are no features.</returns>
    public async Task<SkewReport?> ReportSkewAsync(
        DateTimeOffset from, DateTimeOffset to, double? share = null, CancellationToken cancellationToken = default)
    {
        if (Spec.Objective.Label.Impression is null || _views.Count == 0)
        {
            return null;
        }

        SkewReport report = await CompareServedAsync(from, to, share, cancellationToken).ConfigureAwait(false);
        await _skewReports.AddAsync(report, cancellationToken).ConfigureAwait(false);
        _lastSkew = report;
        if (report.ToAlert() is { } alert)
        {
            await RaiseAsync(alert, cancellationToken).ConfigureAwait(false);
        }

        return report;
    }

    private static long Count(
        LakeSnapshot snapshot, string impression, DateTimeOffset from, DateTimeOffset to,
        CancellationToken cancellationToken)
    {
        long count = 0;
        using LakeReader reader = snapshot.Scan(
            new LakeQuery { Table = impression, Columns = [LakeEnvelope.LogPosition], From = from, To = to },
            cancellationToken);
        while (reader.Read())
        {
            count += reader.RowCount;
        }

        return count;
    }

    private async Task<DateTimeOffset?> LastErasureAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset? last = null;
        IObjectStore erasures = _store.Under(_layout.Erasures);
        await foreach (ObjectEntry entry in erasures.ListAsync("", cancellationToken).ConfigureAwait(false))
        {
            var receipt = ForgetReceipt.Read(
                await erasures.GetAsync(entry.Key, cancellationToken).ConfigureAwait(false));
            DateTimeOffset moment = receipt.Finished ?? receipt.Asked;
            last = last > moment ? last : moment;
        }

        return last;
    }
}
