using System.Runtime.InteropServices;

namespace Tandem.Storage.Native;

/// <summary>Makes created, renamed and deleted names in a folder durable: the file's own flush does not.</summary>
public static partial class DirectoryFlush
{
    private const int ReadOnly = 0;
    private const int CloseOnExecLinux = 0x80000;
    private const int CloseOnExecMac = 0x1000000;

    /// <summary>Flushes a folder's entries to disk.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="IOException">The folder cannot be opened, or the disk failed.</exception>
    /// <remarks>Does nothing on Windows, whose file system journals names itself.</remarks>
    public static void Flush(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(folder, ReadOnly | (OperatingSystem.IsMacOS() ? CloseOnExecMac : CloseOnExecLinux));
        if (descriptor < 0)
        {
            throw LastError("Opening", folder);
        }

        try
        {
            if (Sync(descriptor) != 0)
            {
                throw LastError("Flushing", folder);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException LastError(string doing, string folder)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException(
            $"{doing} the folder '{folder}' failed: {Marshal.GetPInvokeErrorMessage(error)}.", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
