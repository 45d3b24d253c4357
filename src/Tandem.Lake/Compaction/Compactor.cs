using Tandem.Events;
using Tandem.Lake.Manifests;
using Tandem.Lake.Native;
using Tandem.Storage;

namespace Tandem.Lake.Compaction;

/// <summary>Moves closed journal segments into the lake, batch by batch, each batch one manifest.</summary>
internal sealed class Compactor(IObjectStore store, LakeTables tables, LakeOptions options, Orphans orphans)
{
    private readonly ManifestStore _manifests = new(store);

    /// <summary>Compacts all that the journal holds by now.</summary>
    /// <returns>The manifest that is then the latest.</returns>
    public async Task<LakeManifest> RunAsync(
        IJournal journal, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        await journal.SealAsync(cancellationToken).ConfigureAwait(false);
        long end = journal.End.Offset;
        LakeManifest latest = await _manifests.LatestAsync(cancellationToken).ConfigureAwait(false);
        tables.CheckStored(latest);
        await orphans.RemoveAsync(latest.Number, cancellationToken).ConfigureAwait(false);
        long begin = latest.To.Offset;
        while (latest.To.Offset < end)
        {
            List<JournalSegment> batch = Batch(
                await journal.ClosedSegmentsAsync(latest.To, cancellationToken).ConfigureAwait(false), latest.To);
            if (batch.Count == 0)
            {
                break;
            }

            LakeManifest next = await WriteBatchAsync(latest, batch, cancellationToken).ConfigureAwait(false);

            // This write is the commit. Whoever loses it reads what the winner made of the batch and goes on from
            // there; the loser's files are orphans, for the next compaction to remove.
            bool won = await _manifests.TryWriteAsync(next, cancellationToken).ConfigureAwait(false);
            latest = won ? next : await _manifests.LatestAsync(cancellationToken).ConfigureAwait(false);
            progress?.Report(Math.Min(1, (double)(latest.To.Offset - begin) / (end - begin)));
        }

        progress?.Report(1);
        return latest;
    }

    private List<JournalSegment> Batch(IReadOnlyList<JournalSegment> segments, JournalPosition from)
    {
        List<JournalSegment> batch = [];
        long bytes = 0;
        foreach (JournalSegment segment in segments)
        {
            if (segment.End.Offset <= from.Offset)
            {
                continue;
            }

            bytes += segment.End.Offset - segment.Start.Offset;
            if (batch.Count > 0 && bytes > options.BatchBytes)
            {
                break;
            }

            batch.Add(segment);
        }

        return batch;
    }

    private async Task<LakeManifest> WriteBatchAsync(
        LakeManifest latest, List<JournalSegment> batch, CancellationToken cancellationToken)
    {
        using var folder = WorkFolder.Create(store.StagingFolder);
        using DuckDatabase database = LakeDatabase.Open(options, folder.File("spill"));
        BatchTables batchTables = new(database, tables);
        EventIds ids = BatchReader.ReadAll(
            database, batchTables, batch, latest.To, options.Threads, cancellationToken);
        IReadOnlyList<BatchTable> filled = batchTables.All;
        using DuckConnection connection = database.Connect();
        ManifestBuilder manifest = new(latest, batch[^1].End);
        if (filled.Count > 0)
        {
            List<string> known = [];
            foreach (LakePart part in Duplicates.Overlapping(connection, filled, latest, cancellationToken))
            {
                known.Add(await store.LocalPathAsync(part.Key, part.Hash, cancellationToken).ConfigureAwait(false));
            }

            Duplicates.Remove(connection, filled, ids.FindSuspects(), known, cancellationToken);
        }

        var writer = new PartWriter(store, database, folder, latest.Number + 1);
        (BatchTable Table, Partition Partition, int Schema)[] jobs =
        [
            .. filled.SelectMany(table => Partitions
                .Of(connection, table, options.MaximumPartitions, cancellationToken)
                .Select(partition => (table, partition, manifest.SchemaOf(table.Declared)))),
        ];
        var parts = new LakePart[jobs.Length];

        // A partition mostly fits one row group, which one thread writes; so several are written at once, each on one
        // thread: more would only wait for each other, at full speed.
        if (jobs.Length >= options.Threads)
        {
            connection.Execute("set threads = 1", cancellationToken);
        }

        await Parallel.ForAsync(
            0, jobs.Length,
            new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken },
            async (i, token) => parts[i] = await writer
                .WriteAsync(jobs[i].Table, jobs[i].Partition, jobs[i].Schema, token).ConfigureAwait(false))
            .ConfigureAwait(false);
        for (int i = 0; i < jobs.Length; i++)
        {
            manifest.Add(jobs[i].Table.Declared, parts[i]);
        }

        return manifest.Build();
    }
}
