using Tandem.Storage;

namespace Tandem.Lake.Compaction;

/// <summary>Removes files that a killed or beaten compaction left behind.</summary>
internal static class Orphans
{
    /// <summary>Deletes the files that no manifest names, nor ever will.</summary>
    /// <remarks>A compaction writes files for the number after the latest. Once that number is taken, files written for
    /// it and not named by it are nobody's: manifests only ever add files, under their own number. Files for a later
    /// number may belong to a compaction at work, and stay.</remarks>
    public static async ValueTask RemoveAsync(
        IObjectStore store, LakeManifest latest, CancellationToken cancellationToken)
    {
        HashSet<string> named =
            [.. latest.Tables.SelectMany(static table => table.Parts).Select(static part => part.Key)];
        List<string> orphans = [];
        await foreach (ObjectEntry entry in store.ListAsync(PartKey.Folder, cancellationToken).ConfigureAwait(false))
        {
            if (PartKey.TryManifest(entry.Key, out long number) && number <= latest.Number
                && !named.Contains(entry.Key))
            {
                orphans.Add(entry.Key);
            }
        }

        foreach (string key in orphans)
        {
            await store.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
        }
    }
}
