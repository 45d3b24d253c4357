using Tandem.Storage;

namespace Tandem.Backends.S3;

/// <summary>Brings objects into the local cache, each once however many ask for it.</summary>
internal sealed class S3Fetch(S3Objects objects, ContentCache cache) : IDisposable
{
    private const int GateCount = 16;

    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, GateCount).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Gives a file with the bytes that an object has now.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="head">What the server says of it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Hash and path: the head's hash, or that of what has replaced the object since.</returns>
    public ValueTask<(string Hash, string Path)> NowAsync(
        string key, S3Head head, CancellationToken cancellationToken) =>
        OnceAsync(key, objects.Demand(key, head), head, cancellationToken);

    /// <summary>Gives a file with the bytes that the caller demands; asks the server only where the cache has
    /// none.</summary>
    /// <param name="key">Name of the object.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Faults.TandemException">STO002, STO004.</exception>
    public async ValueTask<string> ExactAsync(string key, string hash, CancellationToken cancellationToken)
    {
        if (await cache.FindAsync(hash, cancellationToken).ConfigureAwait(false) is { } cached)
        {
            return cached;
        }

        (_, string path) = await OnceAsync(key, hash, head: null, cancellationToken).ConfigureAwait(false);
        return path;
    }

    public void Dispose()
    {
        foreach (SemaphoreSlim gate in _gates)
        {
            gate.Dispose();
        }
    }

    private async ValueTask<(string Hash, string Path)> OnceAsync(
        string key, string hash, S3Head? head, CancellationToken cancellationToken)
    {
        // Equal bytes wait for each other, so that they are fetched once; different ones do so seldom.
        SemaphoreSlim gate = _gates[hash[^1] % GateCount];
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await cache.FindAsync(hash, cancellationToken).ConfigureAwait(false) is { } cached
                ? (hash, cached)
                : await DownloadAsync(key, hash, head, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    private async ValueTask<(string Hash, string Path)> DownloadAsync(
        string key, string hash, S3Head? head, CancellationToken cancellationToken)
    {
        // Who did not look first demands these very bytes; who looked takes what has replaced them since.
        string? demanded = head is null ? hash : null;
        head ??= await objects.HeadAsync(key, cancellationToken).ConfigureAwait(false) ?? throw StorageErrors.NotFound(key);
        try
        {
            using StagedFile staged = cache.NewStaged();
            string actual = await objects.GetAsync(
                key, head.Bytes, demanded, () => new FileStream(staged.Path, FileMode.Create), cancellationToken)
                .ConfigureAwait(false) ?? throw StorageErrors.NotFound(key);
            return (actual, await cache.AdmitAsync(actual, staged.Path, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StorageErrors.DiskFailed("Fetching an object", cache.StagingFolder, e);
        }
    }
}
