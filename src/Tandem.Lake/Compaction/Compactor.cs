using Tandem.Events;
using Tandem.Lake.Manifests;
using Tandem.Lake.Native;
using Tandem.Storage;

namespace Tandem.Lake.Compaction;

/// <summary>Moves closed journal segments into the lake, batch by batch, each batch one manifest.</summary>
internal sealed class Compactor(IObjectStore store, LakeTables tables, LakeOptions options, Orphans orphans)
{
    private const int SharedRows = 250_000;

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
            using var batch = EventBatch.Read(
                await journal.ClosedSegmentsAsync(latest.To, cancellationToken).ConfigureAwait(false), latest.To, tables,
                options, cancellationToken);
            if (batch is null)
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

    private async Task<LakeManifest> WriteBatchAsync(
        LakeManifest latest, EventBatch batch, CancellationToken cancellationToken)
    {
        using var folder = WorkFolder.Create(store.StagingFolder);
        using DuckDatabase database = LakeDatabase.Open(options, folder.File("spill"));
        await DropDuplicatesAsync(latest, batch, database, cancellationToken).ConfigureAwait(false);
        List<PartRows> rows = Sorted(batch, cancellationToken);
        ManifestBuilder manifest = new(latest, batch.End);
        int[] schemas = [.. rows.Select(part => manifest.SchemaOf(part.Partition.Table.Declared))];
        var parts = new LakePart[rows.Count];

        // Each file is written by one thread, several at once: more would only wait for each other, at full speed.
        using (DuckConnection connection = database.Connect())
        {
            connection.Execute("set threads = 1", cancellationToken);
        }

        using PartWriter writer = new(store, database, folder, latest.Number + 1, rows);
        await Parallel.ForAsync(
            0, parts.Length, Parallelism(cancellationToken),
            async (i, token) => parts[i] = await writer.WriteAsync(i, schemas[i], token).ConfigureAwait(false))
            .ConfigureAwait(false);
        for (int i = 0; i < parts.Length; i++)
        {
            manifest.Add(rows[i].Partition.Table.Declared, parts[i]);
        }

        return manifest.Build();
    }

    private async Task DropDuplicatesAsync(
        LakeManifest latest, EventBatch batch, DuckDatabase database, CancellationToken cancellationToken)
    {
        Duplicates duplicates = new(batch, options.Threads);
        List<string> known = [];
        foreach (LakePart part in Duplicates.Overlapping(batch, latest))
        {
            known.Add(await store.LocalPathAsync(part.Key, part.Hash, cancellationToken).ConfigureAwait(false));
        }

        using DuckConnection connection = database.Connect();
        duplicates.DropKnown(connection, known, cancellationToken);
    }

    /// <summary>The rows file by file, sorted. Where there are fewer folders than threads, large ones get a file for
    /// each thread, cut by the first entity.</summary>
    private List<PartRows> Sorted(EventBatch batch, CancellationToken cancellationToken)
    {
        IReadOnlyList<Partition> partitions = Partitions.Of(batch, options.MaximumPartitions);
        Parallel.ForEach(
            partitions, Parallelism(cancellationToken), partition => RowOrder.Sort(batch, partition.Rows));
        List<PartRows> parts = [];
        foreach (Partition partition in partitions)
        {
            int files = partitions.Count < options.Threads && partition.Rows.Length >= SharedRows ? options.Threads : 1;
            for (int i = 0; i < files; i++)
            {
                int begin = (int)((long)partition.Rows.Length * i / files);
                int end = (int)((long)partition.Rows.Length * (i + 1) / files);
                parts.Add(new PartRows(batch, partition, partition.Rows.AsMemory()[begin..end], cancellationToken));
            }
        }

        return parts;
    }

    private ParallelOptions Parallelism(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken };
}
