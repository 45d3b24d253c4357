namespace Tandem.Storage;

/// <summary>A part of a store, seen as a store: every name is read and written under one prefix.</summary>
/// <remarks>Made by <see cref="ObjectStoreExtensions.Under"/>. It cannot reach names outside its prefix.</remarks>
public sealed class SubStore : IObjectStore
{
    private readonly string _prefix;

    internal SubStore(IObjectStore whole, string prefix)
    {
        ObjectKey.Validate(prefix);
        Whole = whole;
        _prefix = prefix + "/";
    }

    /// <inheritdoc />
    public string StagingFolder => Whole.StagingFolder;

    /// <summary>The store that this is a part of.</summary>
    internal IObjectStore Whole { get; }

    /// <inheritdoc />
    public async ValueTask<ObjectEntry?> FindAsync(string key, CancellationToken cancellationToken = default)
    {
        ObjectEntry? entry = await Whole.FindAsync(Outer(key), cancellationToken).ConfigureAwait(false);
        return entry is null ? null : entry with { Key = key };
    }

    /// <inheritdoc />
    public ValueTask PutAsync(
        string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        Whole.PutAsync(Outer(key), content, cancellationToken);

    /// <inheritdoc />
    public ValueTask<bool> TryPutAsync(
        string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
        Whole.TryPutAsync(Outer(key), content, cancellationToken);

    /// <inheritdoc />
    public ValueTask PutFileAsync(string key, string path, CancellationToken cancellationToken = default) =>
        Whole.PutFileAsync(Outer(key), path, cancellationToken);

    /// <inheritdoc />
    public ValueTask<Stream> OpenAsync(
        string key, long offset = 0, long? length = null, CancellationToken cancellationToken = default) =>
        Whole.OpenAsync(Outer(key), offset, length, cancellationToken);

    /// <inheritdoc />
    public ValueTask<string> LocalPathAsync(string key, CancellationToken cancellationToken = default) =>
        Whole.LocalPathAsync(Outer(key), cancellationToken);

    /// <inheritdoc />
    public ValueTask<string> LocalPathAsync(
        string key, string hash, CancellationToken cancellationToken = default) =>
        Whole.LocalPathAsync(Outer(key), hash, cancellationToken);

    /// <inheritdoc />
    public IAsyncEnumerable<ObjectEntry> ListAsync(string prefix, CancellationToken cancellationToken = default)
    {
        ObjectKey.ValidatePrefix(prefix);
        return Whole.ListAsync(_prefix + prefix, cancellationToken)
            .Select(entry => entry with { Key = entry.Key[_prefix.Length..] });
    }

    /// <inheritdoc />
    public ValueTask DeleteAsync(string key, CancellationToken cancellationToken = default) =>
        Whole.DeleteAsync(Outer(key), cancellationToken);

    /// <summary>The name in the whole store.</summary>
    internal string Outer(string key)
    {
        ObjectKey.Validate(key);
        return _prefix + key;
    }
}
