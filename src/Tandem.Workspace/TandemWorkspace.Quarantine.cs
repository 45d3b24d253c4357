using System.Security.Cryptography;
using System.Text;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Workspace.Import;

namespace Tandem.Workspace;

public sealed partial class TandemWorkspace
{
    private const int ReplayRows = 1000;
    private const int ReplayIdBytes = 16;

    /// <summary>Lists rows of the quarantine, oldest first.</summary>
    /// <param name="range">Which.</param>
    /// <param name="source">Only those meant for this source; null for all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Faults.TandemException">WSP026: the range names a row that is not there.</exception>
    public IAsyncEnumerable<QuarantinedRow> QuarantinedAsync(
        QuarantineRange range, string? source = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(range);
        IAsyncEnumerable<QuarantinedRow> rows = range.PickAsync(
            Quarantine.ListAsync(cancellationToken: cancellationToken), cancellationToken);
        return source is null ? rows : rows.Where(row => row.Source == source);
    }

    /// <summary>Puts quarantined rows through the door again, after tandem.yaml was mended. What is accepted leaves the
    /// quarantine.</summary>
    /// <param name="range">Which.</param>
    /// <param name="source">Only those meant for this source; null for all.</param>
    /// <param name="cancellationToken">Stops it; what was accepted stays accepted.</param>
    /// <remarks>Exactly once: a row of a file gets the id that importing the file would give it, another row without an id
    /// of its own one from its place in the quarantine, so that a replay that was cut off can be repeated. Rows that are
    /// refused again stay, with the reason of today.</remarks>
    /// <exception cref="Faults.TandemException">WSP026: the range names a row that is not there.</exception>
    public async Task<QuarantineReplay> ReplayQuarantineAsync(
        QuarantineRange range, string? source = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(range);
        Tally tally = new();
        await foreach (QuarantinedRow[] rows in QuarantinedAsync(range, source, cancellationToken)
            .Chunk(ReplayRows).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            await ReplayAsync(rows, tally, cancellationToken).ConfigureAwait(false);
        }

        return new QuarantineReplay(
            tally.Accepted, tally.Reasons.Values.Sum(), tally.FromFiles, tally.Partial, tally.Reasons);
    }

    /// <summary>Removes rows from the quarantine for good. A receipt of their ids stays.</summary>
    /// <param name="range">Which.</param>
    /// <param name="source">Only those meant for this source; null for all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>How many, and the receipt's name in the quarantine; no name where none was removed.</returns>
    /// <exception cref="Faults.TandemException">WSP026: the range names a row that is not there.</exception>
    public async Task<(long Count, string? Receipt)> DropQuarantinedAsync(
        QuarantineRange range, string? source = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(range);
        HashSet<string> ids = new(StringComparer.Ordinal);
        await foreach (QuarantinedRow row in QuarantinedAsync(range, source, cancellationToken).ConfigureAwait(false))
        {
            ids.Add(row.Id);
        }

        return await Quarantine.RemoveAsync(ids, "drop", cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask ReplayAsync(QuarantinedRow[] rows, Tally tally, CancellationToken cancellationToken)
    {
        List<EventRecord> accepted = [];
        HashSet<string> ids = new(StringComparer.Ordinal);
        Dictionary<string, Fault> refused = new(StringComparer.Ordinal);
        RowReplay files = new(Spec, _options.Tenant);
        foreach (QuarantinedRow row in rows)
        {
            bool isUncut = row.File is not null && row.Fields is null;
            if (isUncut || row.IsPartial == true)
            {
                tally.FromFiles += isUncut ? 1 : 0;
                tally.Partial += isUncut ? 0 : 1;
            }
            else if ((row.File is null ? Sent(row, out Fault? fault) : files.Judge(row, out fault)) is { } record)
            {
                accepted.Add(record);
                ids.Add(row.Id);
            }
            else
            {
                refused.Add(row.Id, fault!);
                tally.Reasons[fault!.Code] = tally.Reasons.GetValueOrDefault(fault.Code) + 1;
            }
        }

        await Quarantine.RenewAsync(refused, cancellationToken).ConfigureAwait(false);

        if (accepted.Count > 0)
        {
            // Durable first: a crash in between leaves rows that are the same events when they are replayed again.
            await Writer().AppendAsync(accepted, cancellationToken).ConfigureAwait(false);
            Interlocked.Add(ref _appended, accepted.Count);
            await Quarantine.RemoveAsync(ids, "replay", cancellationToken).ConfigureAwait(false);
            tally.Accepted += accepted.Count;
        }
    }

    private EventRecord? Sent(QuarantinedRow row, out Fault? fault)
    {
        byte[] line = Encoding.UTF8.GetBytes(row.Text);
        EventForm form = CloudEventReader.IsMeant(line) ? EventForm.CloudEvent : EventForm.Event;
        EventRecord? record = _intake.Read(line, form, out Refusal? refusal, () => IdOf(row));
        fault = refusal?.Fault;
        return record;
    }

    private static string IdOf(QuarantinedRow row) =>
        "q-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(row.Id)), 0, ReplayIdBytes);

    private sealed class Tally
    {
        public long Accepted { get; set; }

        public long FromFiles { get; set; }

        public long Partial { get; set; }

        public SortedDictionary<string, long> Reasons { get; } = new(StringComparer.Ordinal);
    }
}
