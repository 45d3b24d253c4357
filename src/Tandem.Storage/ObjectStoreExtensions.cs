namespace Tandem.Storage;

/// <summary>What every object store can do beyond its contract.</summary>
public static class ObjectStoreExtensions
{
    /// <summary>A part of the store as a store of its own.</summary>
    /// <param name="store">The store.</param>
    /// <param name="prefix">Names begin with it and a <c>/</c>, such as <c>default/lake</c>; parts of parts are
    /// flattened.</param>
    /// <exception cref="Tandem.Faults.TandemException">STO001: the prefix is not an allowed name.</exception>
    public static IObjectStore Under(this IObjectStore store, string prefix)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store is SubStore part ? new SubStore(part.Whole, part.Outer(prefix)) : new SubStore(store, prefix);
    }

    /// <summary>Reads an object whole.</summary>
    /// <param name="store">The store.</param>
    /// <param name="key">Object name.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="Tandem.Faults.TandemException">STO002: there is no such object.</exception>
    /// <remarks>For small objects: manifests, settings. Stream the large ones.</remarks>
    public static async ValueTask<byte[]> GetAsync(
        this IObjectStore store, string key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        Stream stream = await store.OpenAsync(key, cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            using MemoryStream bytes = new();
            await stream.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
            return bytes.ToArray();
        }
    }
}
