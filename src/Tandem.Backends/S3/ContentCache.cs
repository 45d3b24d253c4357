using System.Collections.Concurrent;
using Tandem.Storage;

namespace Tandem.Backends.S3;

/// <summary>Copies of objects in a local folder, each named by the hash of its bytes, so that none is ever stale.</summary>
/// <remarks>Several processes may share the folder. A file is hashed before a process first hands it out. The time of
/// its last use is the file's access time, set under a lock; a file used within the grace never makes room, so a path
/// stays good for whoever was given it. Beyond that, the longest unused go when the bound is passed.</remarks>
internal sealed class ContentCache
{
    private const string Name = "cache";
    private const int TrimsPerBound = 16;
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(30);

    private readonly FolderStore _folder;
    private readonly long _boundBytes;
    private readonly TimeSpan _grace;
    private readonly TimeProvider _clock;
    private readonly string _lockPath;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _used = new(StringComparer.Ordinal);
    private long _untrimmedBytes;

    public ContentCache(string root, long boundBytes, TimeSpan grace, TimeProvider clock)
    {
        _folder = new FolderStore(root, clock);
        _boundBytes = boundBytes;
        _grace = grace;
        _clock = clock;
        _lockPath = Path.Combine(Directory.CreateDirectory(Path.Combine(root, Name)).FullName, ".lock");

        // What earlier processes left is counted at the first file.
        _untrimmedBytes = boundBytes;
    }

    /// <summary>A folder for files on their way, on the same volume.</summary>
    public string StagingFolder => _folder.StagingFolder;

    /// <summary>A new file in the staging folder.</summary>
    public StagedFile NewStaged() => StagedFile.Create(StagingFolder);

    /// <summary>Path of the file with these bytes, or null where there is none.</summary>
    public async ValueTask<string?> FindAsync(string hash, CancellationToken cancellationToken)
    {
        string key = Key(hash);
        if (await _folder.FindAsync(key, cancellationToken).ConfigureAwait(false) is null)
        {
            return null;
        }

        string path = await _folder.LocalPathAsync(key, cancellationToken).ConfigureAwait(false);
        DateTimeOffset now = _clock.GetUtcNow();
        bool isKnown = _used.TryGetValue(hash, out DateTimeOffset used);
        if (isKnown && now - used < _grace / 2)
        {
            // It was touched so lately that nobody can take it for unused.
            return path;
        }

        using (await LockAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!TryTouch(path, now))
            {
                return null;
            }
        }

        if (!isKnown && await ContentHash.OfFileAsync(path, cancellationToken).ConfigureAwait(false) != hash)
        {
            await _folder.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
            return null;
        }

        _used[hash] = now;
        return path;
    }

    /// <summary>Takes a staged file that has these bytes.</summary>
    /// <returns>Its path in the cache.</returns>
    public async ValueTask<string> AdmitAsync(string hash, string staged, CancellationToken cancellationToken)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        TryTouch(staged, now);
        long bytes = new FileInfo(staged).Length;
        string key = Key(hash);
        await _folder.PutFileAsync(key, staged, cancellationToken).ConfigureAwait(false);
        _used[hash] = now;
        string path = await _folder.LocalPathAsync(key, cancellationToken).ConfigureAwait(false);
        if (Interlocked.Add(ref _untrimmedBytes, bytes) > _boundBytes / TrimsPerBound)
        {
            Interlocked.Exchange(ref _untrimmedBytes, 0);
            await TrimAsync(cancellationToken).ConfigureAwait(false);
        }

        return path;
    }

    /// <summary>Removes the file with these bytes, where there is one, however lately it was used.</summary>
    public async ValueTask RemoveAsync(string hash, CancellationToken cancellationToken)
    {
        using (await LockAsync(cancellationToken).ConfigureAwait(false))
        {
            _used.TryRemove(hash, out _);
            await _folder.DeleteAsync(Key(hash), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Opens a range of a file that was found or admitted.</summary>
    public ValueTask<Stream> OpenAsync(string hash, long offset, long? length, CancellationToken cancellationToken) =>
        _folder.OpenAsync(Key(hash), offset, length, cancellationToken);

    private static string Key(string hash)
    {
        string digits = ContentHash.Digits(hash);
        return $"{Name}/{digits[..2]}/{digits}";
    }

    private static bool TryTouch(string path, DateTimeOffset now)
    {
        try
        {
            File.SetLastAccessTimeUtc(path, now.UtcDateTime);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    private async ValueTask TrimAsync(CancellationToken cancellationToken)
    {
        using IDisposable held = await LockAsync(cancellationToken).ConfigureAwait(false);
        List<(string Key, long Bytes, DateTime Used)> files = [];
        await foreach (ObjectEntry entry in _folder.ListAsync($"{Name}/", cancellationToken).ConfigureAwait(false))
        {
            string path = await _folder.LocalPathAsync(entry.Key, cancellationToken).ConfigureAwait(false);
            files.Add((entry.Key, entry.Bytes, File.GetLastAccessTimeUtc(path)));
        }

        long excess = files.Sum(static file => file.Bytes) - _boundBytes;
        DateTime unusedSince = (_clock.GetUtcNow() - _grace).UtcDateTime;
        foreach ((string key, long bytes, DateTime used) in files.OrderBy(static file => file.Used))
        {
            if (excess <= 0 || used > unusedSince)
            {
                return;
            }

            await _folder.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
            excess -= bytes;
        }
    }

    private async ValueTask<IDisposable> LockAsync(CancellationToken cancellationToken)
    {
        long started = _clock.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(_lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
            }
            catch (IOException e) when (_clock.GetElapsedTime(started) >= LockPatience)
            {
                throw StorageErrors.DiskFailed("Locking the cache", _lockPath, e);
            }
            catch (IOException)
            {
                await Task.Delay(LockPause, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
