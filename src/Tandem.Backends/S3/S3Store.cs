using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using Tandem.Storage;

namespace Tandem.Backends.S3;

/// <summary>An object store in a bucket of S3, or of a server that speaks its protocol.</summary>
/// <remarks>Whatever is read was compared with the checksum that was recorded when it was written: a range is cut from
/// the verified whole. Large objects and those asked for as files pass through a local cache. The server must honour
/// <c>If-None-Match: *</c>, which is tried when a store is first opened. <c>docs/formats/store.md</c> gives the
/// layout.</remarks>
public sealed class S3Store : IObjectStore, IDisposable
{
    /// <summary>Objects up to this length are read into memory; longer ones through the cache.</summary>
    private const int MemoryBytes = 1 << 20;

    /// <summary>No object of a caller can have this name.</summary>
    private const string MarkKey = ".tandem-store";

    private static readonly byte[] MarkContent = [.. "tandem.store/1\n"u8];

    private readonly S3Options _options;
    private readonly TimeProvider _clock;
    private readonly AmazonS3Client _client;
    private readonly S3Objects _objects;
    private readonly S3Upload _upload;
    private readonly ContentCache _cache;
    private readonly S3Fetch _fetch;

    private S3Store(S3Options options, TimeProvider clock, AmazonS3Client client)
    {
        S3Requests requests = new(options, clock);
        _options = options;
        _clock = clock;
        _client = client;
        _objects = new S3Objects(client, options.Address, requests);
        _upload = new S3Upload(client, options.Address, _objects, requests);
        _cache = new ContentCache(options.LocalFolder, options.CacheBytes, options.CacheGrace, clock);
        _fetch = new S3Fetch(_objects, _cache);
    }

    /// <inheritdoc />
    public string StagingFolder => _cache.StagingFolder;

    /// <summary>Opens a store; the bucket must be there.</summary>
    /// <param name="options">Where it is, and how it is asked.</param>
    /// <param name="clock">Tells the time of waits and of the cache's files; null for the system's.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="Tandem.Faults.TandemException">BCK003: no credentials; BCK004: refused; BCK005: no such bucket;
    /// BCK006: unreachable; BCK008: the server cannot write only where there is nothing; BCK010: no region; STO003: the
    /// local folder cannot be written.</exception>
    public static async Task<S3Store> OpenAsync(
        S3Options options, TimeProvider? clock = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        AmazonS3Client client = await S3Client.CreateAsync(options, cancellationToken).ConfigureAwait(false);
        S3Store store = new(options, clock ?? TimeProvider.System, client);
        try
        {
            await store.ProveAsync(cancellationToken).ConfigureAwait(false);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask<ObjectEntry?> FindAsync(string key, CancellationToken cancellationToken = default)
    {
        ObjectKey.Validate(key);
        S3Head? head = await _objects.HeadAsync(key, cancellationToken).ConfigureAwait(false);
        return head is null ? null : new ObjectEntry(key, head.Bytes, head.Modified);
    }

    /// <inheritdoc />
    public async ValueTask PutAsync(
        string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        ObjectKey.Validate(key);
        if (content.Length > _options.PartBytes)
        {
            // The cache takes it, or it goes: half of a failure would keep a full disk full.
            using StagedFile staged = _cache.NewStaged();
            await OnDiskAsync(
                "Staging an object", staged.Path,
                () => File.WriteAllBytesAsync(staged.Path, content, cancellationToken)).ConfigureAwait(false);
            await PutFileAsync(key, staged.Path, cancellationToken).ConfigureAwait(false);
            return;
        }

        byte[] bytes = content.ToArray();
        await _objects.PutAsync(
            key, bytes.Length, ContentHash.Of(bytes), () => new MemoryStream(bytes, writable: false), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask<bool> TryPutAsync(
        string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        ObjectKey.Validate(key);
        return await _objects.TryPutAsync(key, content, NewMark(), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The file is not in <see cref="StagingFolder"/>.</exception>
    public async ValueTask PutFileAsync(string key, string path, CancellationToken cancellationToken = default)
    {
        ObjectKey.Validate(key);
        string source = Path.GetFullPath(path);
        if (!source.StartsWith(StagingFolder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"The file '{path}' is not in the staging folder '{StagingFolder}'.", nameof(path));
        }

        string hash = "";
        await OnDiskAsync(
            "Reading a staged file", source,
            async () => hash = await ContentHash.OfFileAsync(source, cancellationToken).ConfigureAwait(false))
            .ConfigureAwait(false);
        long bytes = new FileInfo(source).Length;
        if (bytes > _options.PartBytes)
        {
            await _upload.PutAsync(key, source, bytes, hash, _options.PartBytes, cancellationToken)
                .ConfigureAwait(false);
        }
        else
        {
            await _objects.PutAsync(key, bytes, hash, () => File.OpenRead(source), cancellationToken)
                .ConfigureAwait(false);
        }

        // Who wrote it reads it soon.
        await _cache.AdmitAsync(hash, source, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask<Stream> OpenAsync(
        string key, long offset = 0, long? length = null, CancellationToken cancellationToken = default)
    {
        ObjectKey.Validate(key);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        S3Head head = await ExistingAsync(key, cancellationToken).ConfigureAwait(false);
        if (head.Bytes > MemoryBytes)
        {
            (string hash, _) = await _fetch.NowAsync(key, head, cancellationToken).ConfigureAwait(false);
            return await _cache.OpenAsync(hash, offset, length, cancellationToken).ConfigureAwait(false);
        }

        _objects.Demand(key, head);
        MemoryStream content = new();
        _ = await _objects.GetAsync(
            key, head.Bytes, expected: null,
            () =>
            {
                content = new MemoryStream();
                return content;
            },
            cancellationToken).ConfigureAwait(false) ?? throw StorageErrors.NotFound(key);
        byte[] bytes = content.ToArray();
        int first = (int)Math.Min(offset, bytes.Length);
        int count = (int)Math.Min(length ?? bytes.Length, bytes.Length - first);
        return new MemoryStream(bytes, first, count, writable: false);
    }

    /// <inheritdoc />
    public async ValueTask<string> LocalPathAsync(string key, CancellationToken cancellationToken = default)
    {
        ObjectKey.Validate(key);
        S3Head head = await ExistingAsync(key, cancellationToken).ConfigureAwait(false);
        (_, string path) = await _fetch.NowAsync(key, head, cancellationToken).ConfigureAwait(false);
        return path;
    }

    /// <inheritdoc />
    public async ValueTask<string> LocalPathAsync(
        string key, string hash, CancellationToken cancellationToken = default)
    {
        ObjectKey.Validate(key);
        return await _fetch.ExactAsync(key, hash, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public IAsyncEnumerable<ObjectEntry> ListAsync(string prefix, CancellationToken cancellationToken = default)
    {
        ObjectKey.ValidatePrefix(prefix);
        return ListPagesAsync(prefix, cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask DeleteAsync(string key, CancellationToken cancellationToken = default)
    {
        ObjectKey.Validate(key);
        S3Head? head = await _objects.HeadAsync(key, cancellationToken).ConfigureAwait(false);
        await _objects.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
        if (head?.Hash is { } hash)
        {
            // What is deleted because a person is in it must not live on in the copy.
            await _cache.RemoveAsync(hash, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        _client.Dispose();
        _fetch.Dispose();
    }

    /// <summary>Makes sure that the server writes a new object only where there is none. A mark, hidden from listings,
    /// says that this was tried.</summary>
    private async Task ProveAsync(CancellationToken cancellationToken)
    {
        if (await _objects.HeadAsync(MarkKey, cancellationToken).ConfigureAwait(false) is not null)
        {
            return;
        }

        string probe = $"{MarkKey}-{NewMark()}";
        await _objects.TryPutAsync(probe, MarkContent, NewMark(), cancellationToken).ConfigureAwait(false);
        bool isReplaced = await _objects.TryPutAsync(probe, MarkContent, NewMark(), cancellationToken)
            .ConfigureAwait(false);
        await _objects.DeleteAsync(probe, cancellationToken).ConfigureAwait(false);
        if (isReplaced)
        {
            throw BackendErrors.NotConditional(_options.Address.ToString());
        }

        await _objects.TryPutAsync(MarkKey, MarkContent, NewMark(), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<S3Head> ExistingAsync(string key, CancellationToken cancellationToken) =>
        await _objects.HeadAsync(key, cancellationToken).ConfigureAwait(false) ?? throw StorageErrors.NotFound(key);

    private async IAsyncEnumerable<ObjectEntry> ListPagesAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? next = null;
        string last = "";
        do
        {
            ListObjectsV2Response page = await _objects.ListAsync(prefix, _options.PageSize, next, cancellationToken)
                .ConfigureAwait(false);
            foreach (S3Object found in page.S3Objects)
            {
                // Callers rely on the order; a server that repeats a page would be followed for ever.
                string outer = found.Key;
                if (!outer.StartsWith(_objects.Outer(prefix), StringComparison.Ordinal) ||
                    string.CompareOrdinal(outer, last) <= 0)
                {
                    throw BackendErrors.OddAnswer("Listing objects", _objects.Place(prefix), "names out of order");
                }

                last = outer;
                string key = outer[_options.Address.Prefix.Length..];
                if (ObjectKey.IsAllowed(key))
                {
                    yield return new ObjectEntry(key, found.Size, S3Objects.Moment(found.LastModified));
                }
            }

            next = page.IsTruncated ? page.NextContinuationToken : null;
        }
        while (next is not null);
    }

    private static async Task OnDiskAsync(string doing, string path, Func<Task> action)
    {
        try
        {
            await action().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StorageErrors.DiskFailed(doing, path, e);
        }
    }

    private string NewMark() => Guid.CreateVersion7(_clock.GetUtcNow()).ToString("N");
}
