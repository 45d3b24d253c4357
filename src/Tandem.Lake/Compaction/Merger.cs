using System.Globalization;
using Tandem.Lake.Manifests;
using Tandem.Lake.Native;
using Tandem.Lake.Queries;
using Tandem.Storage;

namespace Tandem.Lake.Compaction;

/// <summary>Makes one file of many small ones, manifest by manifest. Every manifest before stays as it was, with its
/// files.</summary>
internal sealed class Merger(IObjectStore store, LakeOptions options)
{
    private readonly ManifestStore _manifests = new(store);

    /// <summary>Merges until there is nothing left to merge.</summary>
    /// <param name="minimumParts">Small files of one date from which they are merged.</param>
    /// <param name="isDryRun">True to look only.</param>
    /// <param name="cancellationToken">Stops the work; manifests that are written stay.</param>
    public async Task<LakeMerge> RunAsync(int minimumParts, bool isDryRun, CancellationToken cancellationToken)
    {
        List<LakeMergedFile> merged = [];
        LakeManifest latest = await _manifests.LatestAsync(cancellationToken).ConfigureAwait(false);
        if (isDryRun)
        {
            return new LakeMerge(
                latest, [.. Bundles(latest, minimumParts).Select(static bundle => bundle.Merged(bundle.Folder, null))]);
        }

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
        foreach (Bundle bundle in Bundles(manifest, minimumParts))
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

    private IEnumerable<Bundle> Bundles(LakeManifest manifest, int minimumParts) =>
        manifest.Tables.SelectMany(Bundles).Where(bundle => bundle.Parts.Count >= minimumParts);

    /// <summary>A table's small parts by folder, the oldest first, cut where one file would become longer than it
    /// should. Parts of older declarations go with the newest that has room for all of theirs.</summary>
    private IEnumerable<Bundle> Bundles(LakeManifestTable table)
    {
        IEnumerable<IGrouping<string, LakePart>> folders = table.Parts
            .Where(part => part.Bytes < options.MergedBytes / 2)
            .GroupBy(static part => PartKey.Label(part.Key), StringComparer.Ordinal);
        foreach (IGrouping<string, LakePart> folder in folders)
        {
            List<LakePart> rest = [.. folder];
            while (rest.Count > 0)
            {
                int newest = rest[^1].Schema;
                ILookup<bool, LakePart> fitting =
                    rest.ToLookup(part => table.Schemas[newest].HasRoomFor(table.Schemas[part.Schema]));
                foreach (Bundle bundle in Cut(table, folder.Key, newest, fitting[true]))
                {
                    yield return bundle;
                }

                rest = [.. fitting[false]];
            }
        }
    }

    private IEnumerable<Bundle> Cut(LakeManifestTable table, string label, int schema, IEnumerable<LakePart> fitting)
    {
        List<LakePart> parts = [];
        long bytes = 0;
        foreach (LakePart part in fitting)
        {
            if (bytes + part.Bytes > options.MergedBytes)
            {
                yield return new Bundle(table, label, schema, parts);
                parts = [];
                bytes = 0;
            }

            parts.Add(part);
            bytes += part.Bytes;
        }

        yield return new Bundle(table, label, schema, parts);
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
            files.Add(bundle.Merged(merged.Key, merged.Bytes));
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
        // The relation that a query of these parts reads, so that a row answers afterwards as it did before.
        LakeSchema schema = bundle.Table.Schemas[bundle.Schema];
        LakeTable written = new() { Name = bundle.Table.Name, Entities = schema.Entities, Columns = schema.Columns };
        LakeManifest only = new()
        {
            Number = number,
            From = default,
            To = default,
            Tables = [bundle.Table with { Parts = bundle.Parts }],
        };
        TableSource source = new(new LakeTables([written]), only, written.Name);
        string relation = source.Relation(
            source.All, new PartFilter(null, null, null, []), store, cancellationToken);
        string columns = string.Join(", ", source.All.Select(PartWriter.Expression));
        connection.Execute(
            $"""
            copy (select {columns} from {relation} order by {PartWriter.Order(written)})
            to {Sql.Text(target)} (format parquet, compression zstd)
            """,
            cancellationToken);
        LakePart figures = (bundle.Parts[0] with { Schema = bundle.Schema }).WithFiguresOf(connection, schema, target, cancellationToken);
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

    /// <summary>Parts that become one, under one of their declarations.</summary>
    private sealed record Bundle(LakeManifestTable Table, string Label, int Schema, IReadOnlyList<LakePart> Parts)
    {
        public long Rows => Parts.Sum(static part => part.Rows);

        public long Bytes => Parts.Sum(static part => part.Bytes);

        public string Folder => Parts[0].Key[..(Parts[0].Key.LastIndexOf('/') + 1)];

        public LakeMergedFile Merged(string key, long? bytes) =>
            new(Table.Name, key, Parts.Count, Rows, Bytes, bytes);
    }
}
