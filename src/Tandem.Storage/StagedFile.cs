using Microsoft.Win32.SafeHandles;
using Tandem.Storage.Native;

namespace Tandem.Storage;

/// <summary>A file on its way into a store, in the store's staging folder. A lock on it shows that its maker
/// lives: what a killed one left can be told from it, and swept.</summary>
public sealed class StagedFile : IDisposable
{
    // A busy machine may give the sweep its turn between the two steps several times in a row.
    private const int Attempts = 100;

    private readonly SafeFileHandle _held;

    private StagedFile(string path, SafeFileHandle held)
    {
        Path = path;
        _held = held;
    }

    /// <summary>The file. Whoever opens it leaves others the right to read.</summary>
    public string Path { get; }

    /// <summary>Makes an empty file.</summary>
    /// <param name="folder">A store's <see cref="IObjectStore.StagingFolder"/>.</param>
    /// <exception cref="IOException">The disk refused.</exception>
    public static StagedFile Create(string folder)
    {
        // On Unix a file is made and locked in two steps. Between them a sweep may take it for a dead maker's; then it
        // is left to the sweep, and another name tried.
        for (int attempt = 1; ; attempt++)
        {
            string path = System.IO.Path.Combine(folder, System.IO.Path.GetRandomFileName());
            try
            {
                // The lock is a shared one, as a reader's: the file may be written, read and given its name meanwhile.
                SafeFileHandle held = File.OpenHandle(
                    path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                if (File.Exists(path))
                {
                    return new StagedFile(path, held);
                }

                held.Dispose();
            }
            catch (IOException) when (attempt < Attempts)
            {
                // The sweep holds it right now, or the disk refuses again.
            }
        }
    }

    /// <summary>Deletes the files of a staging folder whose makers are dead; folders in it have sweepers of their
    /// own.</summary>
    /// <param name="folder">The staging folder.</param>
    /// <param name="before">Leaves what was written since; null leaves nothing.</param>
    /// <exception cref="Faults.TandemException">STO003: the folder cannot be read or written.</exception>
    public static void SweepDead(string folder, DateTimeOffset? before = null)
    {
        try
        {
            DateTime limit = (before ?? DateTimeOffset.MaxValue).UtcDateTime;
            bool isSwept = false;
            foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles())
            {
                isSwept |= file.LastWriteTimeUtc < limit && TrySweep(file.FullName);
            }

            if (isSwept)
            {
                DirectoryFlush.Flush(folder);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StorageErrors.DiskFailed("Sweeping the staging folder", folder, e);
        }
    }

    /// <summary>Lets go of the file, and deletes it where it still has its first name.</summary>
    public void Dispose()
    {
        _held.Dispose();
        File.Delete(Path);
    }

    private static bool TrySweep(string path)
    {
        try
        {
            // A live maker's lock makes this fail. The name goes before the lock does: who locks the file afterwards
            // sees that it is gone.
            new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
            return true;
        }
        catch (IOException)
        {
            // In use, or gone under its own name meanwhile.
            return false;
        }
    }
}
