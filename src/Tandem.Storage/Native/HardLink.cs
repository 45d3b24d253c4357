using System.Runtime.InteropServices;

namespace Tandem.Storage.Native;

/// <summary>Gives a finished file its name only where nobody has that name: the one step in which of many racers
/// exactly one wins.</summary>
internal static partial class HardLink
{
    private const int AlreadyExists = 17; // EEXIST on Linux and macOS.

    /// <summary>Gives a file a name that must be free. The old name may go or stay: the caller deletes it.</summary>
    /// <returns>False where the name is taken.</returns>
    public static bool TryGiveName(string from, string to)
    {
        if (OperatingSystem.IsWindows())
        {
            return TryMoveOnWindows(from, to);
        }

        // rename(2) replaces silently; link(2) refuses a taken name, and does so atomically.
        if (Link(from, to) == 0)
        {
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        return error == AlreadyExists
            ? false
            : throw new IOException($"Linking '{to}' failed: {Marshal.GetPInvokeErrorMessage(error)}.", error);
    }

    private static bool TryMoveOnWindows(string from, string to)
    {
        try
        {
            File.Move(from, to, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(to))
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);
}
