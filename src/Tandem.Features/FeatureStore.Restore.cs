using Tandem.Events;
using Tandem.Faults;
using Tandem.Features.Evaluation;
using Tandem.Lake;
using Tandem.Storage;

namespace Tandem.Features;

public sealed partial class FeatureStore
{
    /// <summary>Fills an empty store from the lake.</summary>
    /// <param name="lake">The lake at one moment.</param>
    /// <param name="cancellationToken">Ends the work; the store is then of no use.</param>
    /// <exception cref="InvalidOperationException">Events were applied before.</exception>
    /// <remarks>Once the log behind it, from <see cref="AppliedUntil"/> on, is applied too, the store holds what it would
    /// hold had it been running all along. The work is done on a thread of the pool.</remarks>
    public async Task RestoreAsync(LakeSnapshot lake, CancellationToken cancellationToken = default)
    {
        DemandEmpty(lake);
        await Task.Run(() => ApplyLake(lake, _shelves, default, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        Volatile.Write(ref _appliedUntil, lake.Manifest.To.Offset);
    }

    /// <summary>Fills an empty store from its newest snapshot that fits, where there is one, and from lake and log what
    /// the snapshot lacks.</summary>
    /// <param name="lake">The lake at one moment.</param>
    /// <param name="journal">The log that the lake was compacted from.</param>
    /// <param name="snapshots">Where features are kept.</param>
    /// <param name="cancellationToken">Ends the work; the store is then of no use.</param>
    /// <returns>What was read from where.</returns>
    /// <exception cref="InvalidOperationException">Events were applied before.</exception>
    /// <remarks>Afterwards <see cref="AppliedUntil"/> is where the snapshot or the lake ends, whichever lies behind, and
    /// the store is what it would be had it run all along until there. A snapshot that is damaged is passed over. Views
    /// whose definition asks for events that the snapshot does not keep are computed from the lake; the others stay. The
    /// work is done on a thread of the pool.</remarks>
    public async Task<FeatureRestore> RestoreAsync(
        LakeSnapshot lake, IJournal journal, IObjectStore snapshots, CancellationToken cancellationToken = default)
    {
        DemandEmpty(lake);
        ArgumentNullException.ThrowIfNull(journal);
        List<Fault> passedOver = [];
        FeatureSnapshot? loaded = await LoadNewestAsync(snapshots, journal.End, passedOver, cancellationToken)
            .ConfigureAwait(false);
        SeriesShelf[] stale = Stale(loaded);
        await Task.Run(() => ApplyLake(lake, stale, default, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        if (loaded is not null)
        {
            await CatchUpAsync(lake, journal, stale, loaded, cancellationToken).ConfigureAwait(false);
        }

        Volatile.Write(ref _appliedUntil, Math.Max(loaded?.AppliedUntil ?? 0, lake.Manifest.To.Offset));
        return new FeatureRestore
        {
            Snapshot = loaded is null ? null : new JournalPosition(loaded.AppliedUntil),
            Series = loaded?.Series ?? 0,
            Rebuilt = [.. Views.Select(view => view.Name).Where(view => ShelvesOf(view).Any(stale.Contains))],
            PassedOver = passedOver,
        };
    }

    private void DemandEmpty(LakeSnapshot lake)
    {
        ArgumentNullException.ThrowIfNull(lake);
        if (AppliedUntil.Offset > 0 || EventCount > 0)
        {
            throw new InvalidOperationException("Only an empty store can be restored.");
        }
    }

    /// <summary>The shelves that a snapshot does not give. Where some look up tables, so is what those said: events look
    /// it up as it was when they came.</summary>
    private SeriesShelf[] Stale(FeatureSnapshot? snapshot)
    {
        SeriesShelf[] lacking = [.. _shelves.Where(shelf => snapshot is null || !Holds(snapshot, shelf))];
        string[] tables = [.. lacking.SelectMany(static shelf => shelf.Plan.Shape.Attributes).Select(static attribute => attribute.Table)];
        return
        [
            .. lacking.Union(_shelves.Where(shelf =>
                shelf.Plan.IsByLog && tables.Contains(shelf.Plan.Shape.Name, StringComparer.Ordinal))),
        ];
    }

    private static bool Holds(FeatureSnapshot snapshot, SeriesShelf shelf) =>
        snapshot.Plans.Contains(shelf.Plan.Hash, StringComparer.Ordinal);

    /// <summary>The feeds of some shelves alone.</summary>
    private Dictionary<string, Feed> FeedsOf(SeriesShelf[] shelves) => _feeds
        .Select(feed => feed.Value with { Shelves = [.. feed.Value.Shelves.Intersect(shelves)] })
        .Where(feed => feed.Shelves.Length > 0)
        .ToDictionary(feed => feed.Shape.Name, StringComparer.Ordinal);

    private IEnumerable<SeriesShelf> ShelvesOf(string view) =>
        _features.Where(feature => feature.Key.View == view).Select(feature => _shelves[feature.Value.Series]);

    /// <summary>Reads the newest snapshot that is whole and fits this store and log.</summary>
    private async Task<FeatureSnapshot?> LoadNewestAsync(
        IObjectStore store, JournalPosition until, List<Fault> passedOver, CancellationToken cancellationToken)
    {
        foreach (string key in await FeatureSnapshot.KeysAsync(store, cancellationToken).ConfigureAwait(false))
        {
            try
            {
                string path = await store.LocalPathAsync(key, cancellationToken).ConfigureAwait(false);
                if (await Task.Run(() => Load(path, key, until, cancellationToken), cancellationToken)
                    .ConfigureAwait(false) is { } loaded)
                {
                    return loaded;
                }
            }
            catch (TandemException damage) when (damage.Fault.Kind == FaultKind.Damaged)
            {
                passedOver.AddRange(damage.Faults);
            }
        }

        return null;
    }

    private FeatureSnapshot? Load(string path, string key, JournalPosition until, CancellationToken cancellationToken)
    {
        using var reader = new SnapshotReader(path, key);
        FeatureSnapshot snapshot = reader.Description;
        if (snapshot.AppliedUntil > until.Offset || snapshot.LookBack < _lookBack
            || !_shelves.Any(shelf => Holds(snapshot, shelf)))
        {
            return null;
        }

        foreach (string entity in snapshot.Entities)
        {
            ReadOnlySpan<byte> ids = reader.ReadBlock();
            if (_ids.TryGetValue(entity, out EntityIndex? index))
            {
                index.Adopt(EntityIndex.Load(ids));
            }
        }

        SeriesShelf[] stale = Stale(snapshot);
        foreach (string plan in snapshot.Plans)
        {
            SeriesShelf? shelf = Array.Find(_shelves, shelf => shelf.Plan.Hash == plan && !stale.Contains(shelf));
            while (reader.ReadBlock() is { IsEmpty: false } block)
            {
                cancellationToken.ThrowIfCancellationRequested();
                shelf?.Unpack(block);
            }
        }

        foreach ((string source, long newest) in snapshot.NewestEvents)
        {
            if (_feeds.TryGetValue(source, out Feed? feed))
            {
                feed.Newest.Value = newest;
            }
        }

        _newestKnown = snapshot.NewestKnown;
        _eventCount = snapshot.Events;
        return snapshot;
    }

    /// <summary>Brings the shelves of a snapshot to where the lake ends, or the others to where the snapshot
    /// does.</summary>
    private async Task CatchUpAsync(
        LakeSnapshot lake, IJournal journal, SeriesShelf[] stale, FeatureSnapshot loaded,
        CancellationToken cancellationToken)
    {
        JournalPosition until = new(loaded.AppliedUntil);
        if (until.CompareTo(lake.Manifest.To) < 0)
        {
            _eventCount = loaded.Events;
            await Task.Run(() => ApplyLake(lake, [.. _shelves.Except(stale)], until, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            return;
        }

        Dictionary<string, Feed> feeds = FeedsOf(stale);
        if (feeds.Count > 0)
        {
            await foreach (JournalBatch batch in journal.ReadUntilAsync(lake.Manifest.To, until, cancellationToken)
                .ConfigureAwait(false))
            {
                foreach (EventRecord record in batch.Events)
                {
                    Apply(record, feeds);
                }
            }
        }

        // The snapshot counted what the others read now.
        _eventCount = loaded.Events;
    }

    /// <summary>Applies the rows of the lake from a place in the log on.</summary>
    private void ApplyLake(
        LakeSnapshot lake, SeriesShelf[] shelves, JournalPosition from, CancellationToken cancellationToken)
    {
        lock (_applying)
        {
            Dictionary<string, Feed>.ValueCollection feeds = FeedsOf(shelves).Values;
            var tables = TableHistory.Read(
                lake, feeds.Select(static feed => feed.Shape), knownUntil: null, cancellationToken);
            foreach (Feed feed in feeds)
            {
                feed.Shape.Tables = tables;
                ApplyTable(lake, feed, from, cancellationToken);
                feed.Shape.Tables = _tables;
            }
        }
    }

    private void ApplyTable(LakeSnapshot lake, Feed feed, JournalPosition from, CancellationToken cancellationToken)
    {
        var rows = new LakeRows(feed.Shape, withIds: true);
        using LakeReader reader = lake.Scan(
            new LakeQuery
            {
                Table = feed.Shape.Name,
                Columns = rows.Columns,
                Where = [new LakeFilter(LakeEnvelope.LogPosition, LakeComparison.GreaterOrEqual, from.Offset)],
                OrderBy = [LakeEnvelope.LogPosition],
            },
            cancellationToken);
        while (reader.Read())
        {
            for (int i = 0; i < reader.RowCount; i++)
            {
                rows.Fill(reader, i, feed.Row);
                Apply(feed);
            }
        }
    }
}
