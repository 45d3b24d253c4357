using System.Runtime.InteropServices;

namespace Tandem.Numerics.Native;

/// <summary>Lets the calling thread give way to the threads of a service in the same process. Never taken back: the system
/// lets nobody but an administrator do that.</summary>
internal static partial class ThreadCourtesy
{
    /// <summary>About a tenth of the processor time of a thread that was left as it is, where both want it.</summary>
    private const int Niceness = 10;

    private const int OneThread = 0;

    public static void GiveWay()
    {
        // Linux keeps a niceness for each thread, and .NET does not set it from a thread's priority.
        if (OperatingSystem.IsLinux())
        {
            _ = SetPriority(OneThread, 0, Niceness);
        }
        else
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int which, uint who, int niceness);
}
