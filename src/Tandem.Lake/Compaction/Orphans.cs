using System.Collections.Concurrent;
using Tandem.Lake.Manifests;
using Tandem.Storage;

namespace Tandem.Lake.Compaction;

/// <summary>Finds and removes files that no manifest names: what killed or beaten writers left behind.</summary>
/// <remarks>Thread safe. Remembers the files that it saw named, so that a sweep reads manifests only for files that it
/// does not know. A name stays named until an erasure or vacuum takes its file, so what is remembered errs towards
/// keeping.</remarks>
internal sealed class Orphans(IObjectStore store)
{
    private readonly ManifestStore _manifests = new(store);
    private readonly ConcurrentDictionary<string, bool> _named = new(StringComparer.Ordinal);

    /// <summary>The files that no manifest names, nor ever will.</summary>
    /// <param name="until">The latest manifest. A writer makes files for the number after it. Once that number is
    /// taken, files made for it and not named are nobody's: manifests only ever add files under their own number. Files
    /// for a later number may belong to a writer at work, and are not looked at.</param>
    /// <param name="without">Manifests that count as gone.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    public async Task<IReadOnlyList<ObjectEntry>> FindAsync(
        long until, IReadOnlySet<long> without, CancellationToken cancellationToken)
    {
        Dictionary<string, ObjectEntry> unnamed = new(StringComparer.Ordinal);
        await foreach (ObjectEntry entry in store.ListAsync(PartKey.Folder, cancellationToken).ConfigureAwait(false))
        {
            if (PartKey.TryManifest(entry.Key, out long number) && number <= until && !_named.ContainsKey(entry.Key))
            {
                unnamed.Add(entry.Key, entry);
            }
        }

        List<long> numbers = await _manifests.NumbersAsync(cancellationToken)
            .Where(number => !without.Contains(number)).ToListAsync(cancellationToken).ConfigureAwait(false);

        // The newest first: it names most.
        for (int i = numbers.Count - 1; i >= 0 && unnamed.Count > 0; i--)
        {
            LakeManifest manifest = await _manifests.ReadAsync(numbers[i], cancellationToken).ConfigureAwait(false);
            foreach (LakePart part in manifest.Tables.SelectMany(static table => table.Parts))
            {
                unnamed.Remove(part.Key);
                _named.TryAdd(part.Key, true);
            }
        }

        return [.. unnamed.Values.OrderBy(static entry => entry.Key, StringComparer.Ordinal)];
    }

    /// <summary>Deletes the files that no manifest names, nor ever will.</summary>
    public async Task RemoveAsync(long until, CancellationToken cancellationToken)
    {
        foreach (ObjectEntry orphan in await FindAsync(until, new HashSet<long>(), cancellationToken)
            .ConfigureAwait(false))
        {
            await store.DeleteAsync(orphan.Key, cancellationToken).ConfigureAwait(false);
        }
    }
}
