using System.Runtime.InteropServices;

namespace Tandem.Numerics.Native;

/// <summary>Lets the calling thread give way to the threads of a service in the same process. Never taken back: the system
/// lets nobody but an administrator do that.</summary>
internal static partial class ThreadCourtesy
{
    /// <summary>About a tenth of the processor time of a thread that was left as it is, where both want it.</summary>
    private const int Niceness = 10;

    /// <summary>Turn at the processor, in nanoseconds. A thread that wakes takes the processor at once from one whose turns are longer
    /// than its own; from one with the usual turns it takes it at the next tick of the scheduler's clock, up to 4 ms
    /// later.</summary>
    private const ulong TurnNanoseconds = 10_000_000;

    private const int OneThread = 0;

    public static void GiveWay()
    {
        // Linux keeps a niceness for each thread, and .NET does not set it from a thread's priority.
        if (OperatingSystem.IsLinux())
        {
            _ = SetPriority(OneThread, 0, Niceness);
            LengthenTurns();
        }
        else
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        }
    }

    /// <summary>Asks for long turns: kernels know them from 6.12 on, and earlier ones let the wish pass.</summary>
    private static void LengthenTurns()
    {
        // The C library has no functions for these calls.
        (int get, int set) = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => (315, 314),
            Architecture.Arm64 => (275, 274),
            _ => (-1, -1),
        };
        if (get >= 0 && GetSchedule(get, 0, out Schedule schedule, Marshal.SizeOf<Schedule>(), 0) == 0)
        {
            schedule.Turn = TurnNanoseconds;
            _ = SetSchedule(set, 0, in schedule, 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int which, uint who, int niceness);

    [LibraryImport("libc", EntryPoint = "syscall")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint GetSchedule(nint number, nint thread, out Schedule schedule, nint size, nint flags);

    [LibraryImport("libc", EntryPoint = "syscall")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint SetSchedule(nint number, nint thread, in Schedule schedule, nint flags);

    /// <summary>The first version of the kernel's <c>sched_attr</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Schedule
    {
        public uint Size;
        public uint Policy;
        public ulong Flags;
        public int Niceness;
        public uint Priority;
        public ulong Turn;
        public ulong Deadline;
        public ulong Period;
    }
}
