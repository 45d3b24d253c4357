using System.Globalization;
using Tandem.Lake.Manifests;
using Tandem.Lake.Native;
using Tandem.Storage;

namespace Tandem.Lake.Compaction;

/// <summary>Makes one file of many small ones, manifest by manifest. Every manifest before stays as it was, with its
/// files.</summary>
internal sealed class Merger(IObjectStore store, LakeOptions options)
{
    private readonly ManifestStore _manifests = new(store);

    /// <summary>Merges until there is nothing left to merge.</summary>
    /// <param name="minimumParts">Small files of one date from which they are merged.</param>
    /// <param name="cancellationToken">Stops the work; manifests that are written stay.</param>
    public async Task<LakeMerge> RunAsync(int minimumParts, CancellationToken cancellationToken)
    {
        List<LakeMergedFile> merged = [];
        LakeManifest latest = await _manifests.LatestAsync(cancellationToken).ConfigureAwait(false);
        while (Batch(latest, minimumParts) is { Count: > 0 } batch)
        {
            List<LakeMergedFile> files = [];
            LakeManifest next = await WriteBatchAsync(latest, batch, files, cancellationToken).ConfigureAwait(false);

            // The commit, as a compaction's. Whoever loses it looks again at what the winner left.
            if (await _manifests.TryWriteAsync(next, cancellationToken).ConfigureAwait(false))
            {
                latest = next;
                merged.AddRange(files);
            }
            else
            {
                latest = await _manifests.LatestAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        return new LakeMerge(latest, merged);
    }

    /// <summary>What the next manifest merges: at most the bytes of a compaction's batch, but one file at
    /// least.</summary>
    private List<Bundle> Batch(LakeManifest manifest, int minimumParts)
    {
        List<Bundle> batch = [];
        long bytes = 0;
        foreach (Bundle bundle in manifest.Tables.SelectMany(Bundles).Where(b => b.Parts.Count >= minimumParts))
        {
            bytes += bundle.Bytes;
            if (batch.Count > 0 && bytes > options.BatchBytes)
            {
                break;
            }

            batch.Add(bundle);
        }

        return batch;
    }

    /// <summary>A table's small parts by folder and declaration, the oldest first, cut where one file would become
    /// longer than it should.</summary>
    private IEnumerable<Bundle> Bundles(LakeManifestTable table)
    {
        IEnumerable<IGrouping<(string, int), LakePart>> groups = table.Parts
            .Where(part => part.Bytes < options.MergedBytes / 2)
            .GroupBy(static part => (PartKey.Label(part.Key), part.Schema));
        foreach (IGrouping<(string Label, int Schema), LakePart> group in groups)
        {
            List<LakePart> parts = [];
            long bytes = 0;
            foreach (LakePart part in group)
            {
                if (bytes + part.Bytes > options.MergedBytes)
                {
                    yield return new Bundle(table, group.Key.Label, group.Key.Schema, parts);
                    parts = [];
                    bytes = 0;
                }

                parts.Add(part);
                bytes += part.Bytes;
            }

            yield return new Bundle(table, group.Key.Label, group.Key.Schema, parts);
        }
    }

    private async Task<LakeManifest> WriteBatchAsync(
        LakeManifest latest, List<Bundle> batch, List<LakeMergedFile> files, CancellationToken cancellationToken)
    {
        using var folder = WorkFolder.Create(store.StagingFolder);
        using DuckDatabase database = LakeDatabase.Open(options, folder.File("spill"));
        using DuckConnection connection = database.Connect();
        long number = latest.Number + 1;
        Dictionary<string, LakePart?> replaced = new(StringComparer.Ordinal);
        foreach (Bundle bundle in batch)
        {
            string target = folder.File(string.Create(CultureInfo.InvariantCulture, $"merged-{files.Count}.parquet"));
            LakePart merged = await WriteAsync(connection, bundle, target, number, cancellationToken)
                .ConfigureAwait(false);

            // The merged part stands where the oldest of its parts stood.
            foreach (LakePart part in bundle.Parts)
            {
                replaced.Add(part.Key, null);
            }

            replaced[bundle.Parts[0].Key] = merged;
            files.Add(new LakeMergedFile(
                bundle.Table.Name, merged.Key, bundle.Parts.Count, merged.Rows, bundle.Bytes, merged.Bytes));
        }

        return latest with
        {
            Number = number,
            From = latest.To,
            Erased = null,
            Tables =
            [
                .. latest.Tables.Select(table => table with
                {
                    Parts =
                    [
                        .. table.Parts.Select(part => replaced.TryGetValue(part.Key, out LakePart? merged)
                            ? merged
                            : part).OfType<LakePart>(),
                    ],
                }),
            ],
        };
    }

    private async Task<LakePart> WriteAsync(
        DuckConnection connection, Bundle bundle, string target, long number, CancellationToken cancellationToken)
    {
        List<string> paths = [];
        foreach (LakePart part in bundle.Parts)
        {
            paths.Add(await store.LocalPathAsync(part.Key, part.Hash, cancellationToken).ConfigureAwait(false));
        }

        LakeSchema schema = bundle.Table.Schemas[bundle.Schema];
        LakeTable written = new() { Name = bundle.Table.Name, Entities = schema.Entities, Columns = schema.Columns };
        connection.Execute(
            $"""
            copy (select {string.Join(", ", LakeTables.ColumnsOf(written).Select(static c => Sql.Name(c.Name)))}
                  from read_parquet({Sql.Paths(paths)}, hive_partitioning=false)
                  order by {PartWriter.Order(written)})
            to {Sql.Text(target)} (format parquet, compression zstd)
            """,
            cancellationToken);
        LakePart figures = bundle.Parts[0].WithFiguresOf(connection, schema, target, cancellationToken);
        if (figures.Rows != bundle.Rows)
        {
            throw LakeErrors.RowsDiffer(bundle.Table.Name, bundle.Label, bundle.Rows, figures.Rows);
        }

        string hash = await ContentHash.OfFileAsync(target, cancellationToken).ConfigureAwait(false);
        LakePart merged = figures with
        {
            Key = PartKey.For(bundle.Table.Name, bundle.Label, number, PartKey.Digits(hash)),
            Bytes = new FileInfo(target).Length,
            Hash = hash,
        };
        await store.PutFileAsync(merged.Key, target, cancellationToken).ConfigureAwait(false);
        return merged;
    }

    /// <summary>Parts that become one.</summary>
    private sealed record Bundle(LakeManifestTable Table, string Label, int Schema, IReadOnlyList<LakePart> Parts)
    {
        public long Rows => Parts.Sum(static part => part.Rows);

        public long Bytes => Parts.Sum(static part => part.Bytes);
    }
}
