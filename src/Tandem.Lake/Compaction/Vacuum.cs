using Tandem.Lake.Manifests;
using Tandem.Storage;

namespace Tandem.Lake.Compaction;

/// <summary>Removes old manifests, and the files that only they named.</summary>
/// <remarks>Manifests go first, the oldest first, then files: killed at any moment, every manifest that is there is
/// whole, and the next vacuum or compaction removes the files that are left.</remarks>
internal sealed class Vacuum(IObjectStore store)
{
    private readonly ManifestStore _manifests = new(store);

    public async Task<LakeVacuum> RunAsync(
        LakeRetention retention, bool isDryRun, CancellationToken cancellationToken)
    {
        List<(long Number, ObjectEntry Entry)> all =
            await _manifests.EntriesAsync(cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        List<long> kept = [];
        List<long> removed = [];
        for (int i = 0; i < all.Count; i++)
        {
            // A manifest is the lake until the next one is written.
            bool isKept = i >= all.Count - retention.Newest || retention.Pinned.Contains(all[i].Number)
                || (retention.Since is { } since && all[i + 1].Entry.Modified >= since);
            (isKept ? kept : removed).Add(all[i].Number);
        }

        IReadOnlyList<ObjectEntry> files = await new Orphans(store)
            .FindAsync(all.Count == 0 ? 0 : all[^1].Number, removed.ToHashSet(), cancellationToken)
            .ConfigureAwait(false);
        if (!isDryRun)
        {
            foreach (string key in removed.Select(ManifestStore.Key).Concat(files.Select(static file => file.Key)))
            {
                await store.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
            }
        }

        return new LakeVacuum(
            kept, removed, [.. files.Select(static file => new LakeRemovedFile(file.Key, file.Bytes))]);
    }
}
