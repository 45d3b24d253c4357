namespace Tandem.Lake;

/// <summary>A folder for one owner's temporary files, under the store's staging folder. A lock file shows that its
/// owner lives; what a killed owner left is removed by the next.</summary>
internal sealed class WorkFolder : IDisposable
{
    private const string Prefix = "lake-";
    private const string LockName = "lock";
    private const int Attempts = 32;

    private static readonly TimeSpan MakingTakes = TimeSpan.FromMinutes(1);

    private readonly FileStream _lock;

    private WorkFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Makes a folder, and removes those of dead owners.</summary>
    public static WorkFolder Create(string staging)
    {
        Directory.CreateDirectory(staging);
        foreach (string folder in Directory.GetDirectories(staging, Prefix + "*"))
        {
            RemoveDead(folder);
        }

        // On Unix a file is made and locked in two steps. Between them another owner may take the folder for a dead
        // one's; then it is left to them, and the next one tried.
        for (int attempt = 1; ; attempt++)
        {
            string path = System.IO.Path.Combine(staging, Prefix + System.IO.Path.GetRandomFileName());
            Directory.CreateDirectory(path);
            try
            {
                FileStream held = OpenLock(path, FileMode.CreateNew, FileOptions.None);
                if (System.IO.File.Exists(held.Name))
                {
                    return new WorkFolder(path, held);
                }

                held.Dispose();
            }
            catch (IOException) when (attempt < Attempts)
            {
                // The other holds the lock right now.
            }
        }
    }

    /// <summary>Path of a file in the folder.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Removes the folder.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        TryDelete(Path);
    }

    private static FileStream OpenLock(string folder, FileMode mode, FileOptions options) =>
        new(System.IO.Path.Combine(folder, LockName), mode, FileAccess.ReadWrite, FileShare.None, 1, options);

    private static void RemoveDead(string folder)
    {
        try
        {
            // A folder without a lock file is being made right now, or its maker was killed in that moment.
            if (!System.IO.File.Exists(System.IO.Path.Combine(folder, LockName)))
            {
                if (TimeProvider.System.GetUtcNow().UtcDateTime - Directory.GetLastWriteTimeUtc(folder) > MakingTakes)
                {
                    Directory.Delete(folder, recursive: true);
                }

                return;
            }

            // A live owner holds the lock, so this fails. The lock file goes before the lock does: who locks it
            // afterwards sees that it is gone.
            OpenLock(folder, FileMode.Open, FileOptions.DeleteOnClose).Dispose();
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody else's: in use, or going away in another process.
        }
    }

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What stays is swept by the next owner; the work itself is done.
        }
    }
}
