using Microsoft.Win32.SafeHandles;
using Tandem.Storage.Native;

namespace Tandem.Storage;

/// <summary>An object store in a folder: one file an object, under its own name, readable by any tool.</summary>
/// <remarks>Each object is written to the staging folder, flushed, and given its name in one atomic step; then the
/// folder entry is flushed. Several processes may use the same folder. Names that pass through symbolic links are
/// refused, so nothing outside the root is ever touched. Names are case sensitive where the file system is.
/// <c>docs/formats/store.md</c> gives the layout.</remarks>
public sealed class FolderStore : IObjectStore
{
    private const string StagingName = ".staging";
    private static readonly TimeSpan StagingLifetime = TimeSpan.FromDays(1);

    private readonly FolderPaths _paths;

    /// <summary>Opens the store, making its folder where there is none.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="clock">Tells how old abandoned staging files are (those untouched for a day, whose makers are dead, are deleted); null for
    /// the system's.</param>
    /// <exception cref="Tandem.Faults.TandemException">STO003: the folder cannot be made or written.</exception>
    public FolderStore(string root, TimeProvider? clock = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        _paths = new FolderPaths(Path.GetFullPath(root));
        StagingFolder = Path.Combine(_paths.Root, StagingName);
        Guard("Opening the store", _paths.Root, () =>
        {
            FolderPaths.CreateFolder(StagingFolder);
        });
        StagedFile.SweepDead(StagingFolder, (clock ?? TimeProvider.System).GetUtcNow() - StagingLifetime);
    }

    /// <inheritdoc />
    public string StagingFolder { get; }

    /// <inheritdoc />
    public ValueTask<ObjectEntry?> FindAsync(string key, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        FileInfo file = new(_paths.Resolve(key));
        return ValueTask.FromResult(file.Exists ? Describe(key, file) : null);
    }

    /// <inheritdoc />
    public async ValueTask PutAsync(
        string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        string path = _paths.Resolve(key);
        await RunAsync("Writing", path, () => Replace(content, path), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public async ValueTask<bool> TryPutAsync(
        string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        string path = _paths.Resolve(key);
        bool won = false;
        await RunAsync("Writing", path, () => won = TryCreate(content, path), cancellationToken).ConfigureAwait(false);
        return won;
    }

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The file is not in <see cref="StagingFolder"/>.</exception>
    public async ValueTask PutFileAsync(string key, string path, CancellationToken cancellationToken = default)
    {
        string target = _paths.Resolve(key);
        string source = Path.GetFullPath(path);
        if (!source.StartsWith(StagingFolder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"The file '{path}' is not in the staging folder '{StagingFolder}'.", nameof(path));
        }

        await RunAsync("Moving a file to", target, () => Replace(Flush(source), target), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc />
    public ValueTask<Stream> OpenAsync(
        string key, long offset = 0, long? length = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        cancellationToken.ThrowIfCancellationRequested();
        FileStream stream = OpenFile(key, Existing(key));
        stream.Position = Math.Min(offset, stream.Length);
        return ValueTask.FromResult<Stream>(length is { } limit ? new LimitedStream(stream, limit) : stream);
    }

    /// <inheritdoc />
    public ValueTask<string> LocalPathAsync(string key, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Existing(key));
    }

    /// <inheritdoc />
    public IAsyncEnumerable<ObjectEntry> ListAsync(string prefix, CancellationToken cancellationToken = default)
    {
        ObjectKey.ValidatePrefix(prefix);
        return List(prefix, cancellationToken).ToAsyncEnumerable();
    }

    /// <inheritdoc />
    public async ValueTask DeleteAsync(string key, CancellationToken cancellationToken = default)
    {
        string path = _paths.Resolve(key);
        await RunAsync("Deleting", path, () => Delete(path), cancellationToken).ConfigureAwait(false);
    }

    private static ObjectEntry Describe(string key, FileInfo file) =>
        new(key, file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero));

    private static FileStream OpenFile(string key, string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (FileNotFoundException)
        {
            throw StorageErrors.NotFound(key);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StorageErrors.DiskFailed("Opening", path, e);
        }
    }

    private static string Flush(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
        return path;
    }

    private static void Delete(string path)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
            DirectoryFlush.Flush(Path.GetDirectoryName(path)!);
        }
    }

    private static Task RunAsync(string doing, string path, Action action, CancellationToken cancellationToken) =>
        Task.Run(() => Guard(doing, path, action), cancellationToken);

    private static void Guard(string doing, string path, Action action) =>
        Guard(doing, path, () =>
        {
            action();
            return true;
        });

    private static T Guard<T>(string doing, string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StorageErrors.DiskFailed(doing, path, e);
        }
    }

    private string Existing(string key)
    {
        string path = _paths.Resolve(key);
        return File.Exists(path) ? path : throw StorageErrors.NotFound(key);
    }

    private IEnumerable<ObjectEntry> List(string prefix, CancellationToken cancellationToken)
    {
        foreach ((string key, FileInfo file) in _paths.Walk(prefix))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (file.Exists)
            {
                yield return Describe(key, file);
            }
        }
    }

    private static void Write(StagedFile staged, ReadOnlyMemory<byte> content)
    {
        using SafeFileHandle file =
            File.OpenHandle(staged.Path, FileMode.Create, FileAccess.Write, preallocationSize: content.Length);
        RandomAccess.Write(file, content.Span, fileOffset: 0);
        RandomAccess.FlushToDisk(file);
    }

    private void Replace(ReadOnlyMemory<byte> content, string path)
    {
        using var staged = StagedFile.Create(StagingFolder);
        Write(staged, content);
        Replace(staged.Path, path);
    }

    private static void Replace(string staged, string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        FolderPaths.CreateFolder(folder);
        File.Move(staged, path, overwrite: true);
        DirectoryFlush.Flush(folder);
    }

    private bool TryCreate(ReadOnlyMemory<byte> content, string path)
    {
        if (File.Exists(path))
        {
            return false;
        }

        string folder = Path.GetDirectoryName(path)!;
        FolderPaths.CreateFolder(folder);
        using var staged = StagedFile.Create(StagingFolder);
        Write(staged, content);
        bool won = HardLink.TryGiveName(staged.Path, path);
        DirectoryFlush.Flush(folder);
        return won;
    }
}
