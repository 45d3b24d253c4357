using Tandem.Events;
using Tandem.Lake.Compaction;
using Tandem.Lake.Manifests;
using Tandem.Lake.Native;
using Tandem.Storage;

namespace Tandem.Lake;

/// <summary>Events at rest, as columns: one table a type, in Parquet files that any tool reads, named by numbered
/// manifests.</summary>
/// <remarks>Thread safe. Several lakes, in one process or many, may stand on one store; each event is in it once,
/// whatever is killed or races. <c>docs/formats/lake.md</c> gives the layout.</remarks>
public sealed class ParquetLake : IDisposable
{
    private readonly IObjectStore _store;
    private readonly LakeTables _tables;
    private readonly LakeOptions _options;
    private readonly WorkFolder _folder;
    private readonly DuckDatabase _database;
    private readonly ManifestStore _manifests;
    private readonly Orphans _orphans;

    private ParquetLake(IObjectStore store, LakeTables tables, LakeOptions options)
    {
        _store = store;
        _tables = tables;
        _options = options;
        _manifests = new ManifestStore(store);
        _orphans = new Orphans(store);
        _folder = WorkFolder.Create(store.StagingFolder);
        try
        {
            _database = LakeDatabase.Open(options, _folder.File("spill"));
        }
        catch
        {
            _folder.Dispose();
            throw;
        }
    }

    /// <summary>Opens a lake; an empty store is an empty lake.</summary>
    /// <param name="store">Where its files are.</param>
    /// <param name="tables">The tables as they are declared now. Files written by older declarations stay
    /// readable where the new ones add columns or widen types; others are refused as soon as the lake is read or
    /// compacted.</param>
    /// <param name="options">Settings, or null for the defaults.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="Tandem.Faults.TandemException">LAK001: the engine's library is missing; LAK003: a table or
    /// column has a name that cannot be used.</exception>
    public static ValueTask<ParquetLake> OpenAsync(
        IObjectStore store,
        IReadOnlyList<LakeTable> tables,
        LakeOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(tables);
        LakeOptions checkedOptions = (options ?? new LakeOptions()).Validate();
        LakeTables known = new(tables);
        return new ValueTask<ParquetLake>(
            Task.Run(() => new ParquetLake(store, known, checkedOptions), cancellationToken));
    }

    /// <summary>Moves what the journal holds by now into the lake.</summary>
    /// <param name="journal">The journal; its open segment is closed first.</param>
    /// <param name="progress">Told the share that is done, from 0 to 1, or null.</param>
    /// <param name="cancellationToken">Stops the work; batches that are done stay done.</param>
    /// <returns>The latest manifest; every event before its <see cref="LakeManifest.To"/> is in the lake,
    /// once.</returns>
    /// <exception cref="Tandem.Faults.TandemException">LAK002: the engine failed; LAK003: an event's type cannot name a
    /// folder; LAK004: a segment is damaged; LAK014, LAK015: the stored rows do not fit the tables as they are
    /// declared.</exception>
    /// <remarks>Killed at any moment it leaves at most files that no manifest names; the next compaction removes
    /// them. Of two that race, one writes the manifest and the other goes on behind it.</remarks>
    public Task<LakeManifest> CompactAsync(
        IJournal journal, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(journal);
        Compactor compactor = new(_store, _tables, _options, _orphans);
        return Task.Run(() => compactor.RunAsync(journal, progress, cancellationToken), cancellationToken);
    }

    /// <summary>Makes one file of many small ones of the same table and date; those of an older declaration are written
    /// by the newest that has room for it. What queries answer, and all manifests before, stay the same.</summary>
    /// <param name="minimumParts">Small files from which they are merged, at least 2.</param>
    /// <param name="isDryRun">True to look only.</param>
    /// <param name="cancellationToken">Stops the work; manifests that are written stay.</param>
    /// <returns>The latest manifest, and the files that were made.</returns>
    /// <exception cref="Tandem.Faults.TandemException">LAK002: the engine failed; LAK016: the files do not hold the
    /// rows that the manifest says.</exception>
    /// <remarks>Killed at any moment it leaves at most files that no manifest names; the next compaction removes them.
    /// Of a merge and a compaction that race, one writes the manifest and the other looks again. The small files stay
    /// for older manifests until a vacuum.</remarks>
    public Task<LakeMerge> MergeAsync(
        int minimumParts = 2, bool isDryRun = false, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minimumParts, 2);
        Merger merger = new(_store, _options);
        return Task.Run(() => merger.RunAsync(minimumParts, isDryRun, cancellationToken), cancellationToken);
    }

    /// <summary>Removes old manifests, and the files that no manifest names any more.</summary>
    /// <param name="retention">What stays.</param>
    /// <param name="isDryRun">True to look only.</param>
    /// <param name="cancellationToken">Stops the work; running again finishes it.</param>
    /// <exception cref="Tandem.Faults.TandemException">LAK010: fewer than one manifest is to be kept.</exception>
    /// <remarks>Snapshots of removed manifests end: their files are gone. Nobody may erase from the lake
    /// meanwhile.</remarks>
    public Task<LakeVacuum> VacuumAsync(
        LakeRetention retention, bool isDryRun = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(retention);
        if (retention.Newest < 1)
        {
            throw new Faults.TandemException(LakeErrors.BadOption("keep", retention.Newest, "at least 1"));
        }

        Vacuum vacuum = new(_store);
        return Task.Run(() => vacuum.RunAsync(retention, isDryRun, cancellationToken), cancellationToken);
    }

    /// <summary>Looks at the lake as it is now, or as it was at a manifest.</summary>
    /// <param name="manifest">Number of the manifest, or null for the latest.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="Tandem.Faults.TandemException">LAK005: there is no such manifest; LAK006, LAK007: it cannot be
    /// read; LAK014, LAK015: its rows do not fit the tables as they are declared.</exception>
    public async ValueTask<LakeSnapshot> SnapshotAsync(
        long? manifest = null, CancellationToken cancellationToken = default)
    {
        LakeManifest found = manifest is { } number
            ? await _manifests.ReadAsync(number, cancellationToken).ConfigureAwait(false)
            : await _manifests.LatestAsync(cancellationToken).ConfigureAwait(false);
        _tables.CheckStored(found);
        return new LakeSnapshot(_database, _tables, _store, found);
    }

    /// <summary>Opens a console that answers SQL over the lake's tables.</summary>
    /// <param name="moment">How far back it looks; null for the lake as it is now.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="Tandem.Faults.TandemException">LAK005: there is no such manifest; LAK006, LAK007: it cannot be
    /// read; LAK014, LAK015: its rows do not fit the tables as they are declared.</exception>
    public async Task<LakeConsole> OpenConsoleAsync(
        LakeMoment? moment = null, CancellationToken cancellationToken = default)
    {
        moment ??= new LakeMoment();
        using LakeSnapshot snapshot = await SnapshotAsync(moment.Manifest, cancellationToken).ConfigureAwait(false);
        return await LakeConsole.OpenAsync(_tables, snapshot.Manifest, moment, _store, _options, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Takes every row that names a person out of every manifest, by rewriting the files that hold
    /// them.</summary>
    /// <param name="person">Who is to be forgotten.</param>
    /// <param name="isDryRun">True to count only.</param>
    /// <param name="cancellationToken">Stops the work; running again finishes it.</param>
    /// <remarks>Nobody may compact, merge or vacuum the lake meanwhile. Killed at any moment, every manifest
    /// stays readable.</remarks>
    public Task<LakeErasure> EraseAsync(
        ErasedPerson person, bool isDryRun = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(person);
        Erasure.LakeEraser eraser = new(_store, _options);
        return Task.Run(() => eraser.RunAsync(person, isDryRun, cancellationToken), cancellationToken);
    }

    /// <summary>Closes the engine; open readers go on to their end.</summary>
    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }
}
