using Tandem.Events;
using Tandem.Lake.Compaction;
using Tandem.Lake.Manifests;
using Tandem.Lake.Native;
using Tandem.Storage;

namespace Tandem.Lake.Erasure;

/// <summary>Takes a person's rows out of every file that any manifest names.</summary>
/// <remarks>First the new files are written, then each manifest is put over itself with them, then the files that no
/// manifest names any more are deleted. Killed at any moment, every manifest is whole, and running again finishes the
/// work. Nobody may compact meanwhile.</remarks>
internal sealed class LakeEraser(IObjectStore store, LakeOptions options)
{
    private readonly ManifestStore _manifests = new(store);

    public async Task<LakeErasure> RunAsync(
        ErasedPerson person, bool isDryRun, CancellationToken cancellationToken)
    {
        List<LakeManifest> manifests = [];
        await foreach (long number in _manifests.NumbersAsync(cancellationToken).ConfigureAwait(false))
        {
            manifests.Add(await _manifests.ReadAsync(number, cancellationToken).ConfigureAwait(false));
        }

        using var folder = WorkFolder.Create(store.StagingFolder);
        using DuckDatabase database = LakeDatabase.Open(options, folder.File("spill"));
        using DuckConnection connection = database.Connect();
        PartEraser eraser = new(store, connection, folder, person);
        Dictionary<string, ErasedPart> erased = new(StringComparer.Ordinal);
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (LakeManifestTable table in manifests.SelectMany(static manifest => manifest.Tables))
        {
            foreach (LakePart part in table.Parts.Where(part => seen.Add(part.Key)))
            {
                if (await eraser
                    .EraseAsync(part, table.Schemas[part.Schema], isDryRun, cancellationToken)
                    .ConfigureAwait(false) is { } done)
                {
                    erased.Add(part.Key, done);
                }
            }
        }

        List<long> touched = [];
        foreach (LakeManifest manifest in manifests)
        {
            long rows = manifest.Tables.SelectMany(static table => table.Parts)
                .Sum(part => erased.TryGetValue(part.Key, out ErasedPart? done) ? done.Rows : 0);
            if (rows > 0)
            {
                touched.Add(manifest.Number);
            }

            if (rows > 0 && !isDryRun)
            {
                await _manifests.RewriteAsync(Without(manifest, erased, rows), cancellationToken)
                    .ConfigureAwait(false);
            }
        }

        if (!isDryRun)
        {
            // Those of an erasure that was killed are among them.
            await new Orphans(store).RemoveAsync(long.MaxValue, cancellationToken).ConfigureAwait(false);
        }

        return new LakeErasure(
            erased.Values.SelectMany(static part => part.Positions).Distinct().LongCount(),
            [.. erased.Select(static pair => new LakeErasedFile(pair.Key, pair.Value.Rows, pair.Value.Successor?.Key))],
            touched);
    }

    private static LakeManifest Without(LakeManifest manifest, Dictionary<string, ErasedPart> erased, long rows) =>
        manifest with
        {
            Erased = (manifest.Erased ?? 0) + rows,
            Tables =
            [
                .. manifest.Tables.Select(table => table with
                {
                    Parts =
                    [
                        .. table.Parts.Select(part => erased.TryGetValue(part.Key, out ErasedPart? done)
                            ? done.Successor
                            : part).OfType<LakePart>(),
                    ],
                }).Where(static table => table.Parts.Count > 0),
            ],
        };
}
