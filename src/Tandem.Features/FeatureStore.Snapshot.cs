using Tandem.Events;
using Tandem.Features.Evaluation;
using Tandem.Storage;

namespace Tandem.Features;

public sealed partial class FeatureStore
{
    private const int SnapshotsKept = 2;

    /// <summary>Entities that are packed in one go, while applying waits: less than a millisecond.</summary>
    private const int PackedAtOnce = 256;

    private int _isSaving;

    /// <summary>Saves the store as it is now, so that a restart need not read all of the lake. Reads go on meanwhile,
    /// and so does applying, but for moments.</summary>
    /// <param name="store">Where features are kept; the newest two snapshots stay there.</param>
    /// <param name="cancellationToken">Stops it; what was saved before stays.</param>
    /// <returns>What was saved.</returns>
    /// <exception cref="InvalidOperationException">Another snapshot is being saved.</exception>
    /// <exception cref="Tandem.Faults.TandemException">FEA016, STO003: the disk refused.</exception>
    /// <remarks>The snapshot is the store at one place of the log: an entity that events meet before its turn is packed
    /// first. O(memory).</remarks>
    public async Task<FeatureSnapshot> SaveSnapshotAsync(
        IObjectStore store, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (Interlocked.Exchange(ref _isSaving, 1) == 1)
        {
            throw new InvalidOperationException("Another snapshot is being saved.");
        }

        try
        {
            using var staged = StagedFile.Create(store.StagingFolder);
            FeatureSnapshot snapshot = await Task.Run(() => Write(staged.Path, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            string key = FeatureSnapshot.Key(new JournalPosition(snapshot.AppliedUntil));
            await store.PutFileAsync(key, staged.Path, cancellationToken).ConfigureAwait(false);
            await FeatureSnapshot.DeleteAllButAsync(store, SnapshotsKept, cancellationToken).ConfigureAwait(false);
            return snapshot;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FeaturesErrors.SnapshotNotWritten(store.StagingFolder, error);
        }
        finally
        {
            Volatile.Write(ref _isSaving, 0);
        }
    }

    private FeatureSnapshot Write(string path, CancellationToken cancellationToken)
    {
        using var writer = new SnapshotWriter(path);
        try
        {
            FeatureSnapshot snapshot = BeginSnapshot();
            foreach (EntityIndex ids in _ids.Values)
            {
                writer.WriteBlock(ids.Save());
            }

            long series = 0;
            foreach (SeriesShelf shelf in _shelves)
            {
                series += Write(shelf, writer, cancellationToken);
            }

            snapshot = snapshot with { Series = series };
            writer.Finish(snapshot);
            return snapshot;
        }
        finally
        {
            lock (_applying)
            {
                Array.ForEach(_shelves, static shelf => shelf.EndPack());
            }
        }
    }

    private FeatureSnapshot BeginSnapshot()
    {
        lock (_applying)
        {
            Array.ForEach(_shelves, static shelf => shelf.BeginPack());
            return Description();
        }
    }

    private long Write(SeriesShelf shelf, SnapshotWriter writer, CancellationToken cancellationToken)
    {
        var block = new PackWriter();
        long series = 0;
        for (int written = 0; written >= 0; series += Math.Max(written, 0))
        {
            cancellationToken.ThrowIfCancellationRequested();
            block.Clear();
            lock (_applying)
            {
                written = shelf.Pack(PackedAtOnce, block);
            }

            if (written != 0)
            {
                writer.WriteBlock(block.Written);
            }
        }

        return series;
    }
}
