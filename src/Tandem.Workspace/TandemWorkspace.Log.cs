using Tandem.Events;
using Tandem.Lake;
using Tandem.Spec;
using Tandem.Storage;

namespace Tandem.Workspace;

public sealed partial class TandemWorkspace
{
    private volatile JournalTrim? _trim;

    /// <summary>The folder of a system's raw log, for those who look at it without opening the system.</summary>
    /// <param name="options">Where the system is.</param>
    /// <exception cref="Faults.TandemException">SPC codes: the file is not valid.</exception>
    public static string LogFolder(WorkspaceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var file = SpecFile.Load(options.SpecPath, WorkspaceVocabulary.Build());
        var location = StoreLocation.Of(options, file.Spec!);
        return Path.Combine(location.LocalFolder, new StoreLayout(options.Tenant).Log);
    }

    /// <summary>Removes the oldest segments of the raw log that the lake and every reader have behind them.</summary>
    /// <param name="retention">How much stays anyway; null for what this machine's settings say.</param>
    /// <param name="isDryRun">True to look only; allowed while another process serves.</param>
    /// <param name="cancellationToken">Stops it before anything was removed.</param>
    /// <returns>What went, and what is held back.</returns>
    /// <exception cref="Faults.TandemException">WSP008: opened for reading; WSP042: nothing says how much is to stay;
    /// EVT013: a segment could not be removed; EVT014: a named reader cannot be read.</exception>
    public async Task<JournalTrim> TrimLogAsync(
        JournalRetention? retention = null, bool isDryRun = false, CancellationToken cancellationToken = default)
    {
        retention ??= _options.Retention;
        if (retention.IsOff)
        {
            throw WorkspaceErrors.KeepWhat();
        }

        await _work.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using LakeSnapshot snapshot = await _lake.SnapshotAsync(null, cancellationToken).ConfigureAwait(false);
            JournalPosition behind = snapshot.Manifest.To;
            if (isDryRun && _journal is null)
            {
                string folder = Path.Combine(_location.LocalFolder, _layout.Log);
                return FileJournal.PlanTrim(
                    _options.Journal with { Folder = folder }, retention, behind, _options.Clock.GetUtcNow());
            }

            JournalTrim trim = await Writer().TrimAsync(retention, behind, isDryRun, cancellationToken)
                .ConfigureAwait(false);
            _trim = isDryRun ? _trim : trim;
            return trim;
        }
        finally
        {
            _work.Release();
        }
    }

    private LogSnapshot LogNumbers()
    {
        long events = Interlocked.Read(ref _appended);
        JournalTrim? held = _trim?.Hold?.Kind is JournalHoldKind.NamedReader or JournalHoldKind.Reader ? _trim : null;
        return new LogSnapshot(
            events, _journal?.End.Offset ?? 0, _eventRate.PerSecond(events), _journal?.Begin.Offset ?? 0,
            held?.HeldBytes ?? 0, held?.Hold?.Name);
    }
}
