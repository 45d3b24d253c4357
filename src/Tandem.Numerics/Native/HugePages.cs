using System.Runtime.InteropServices;

namespace Tandem.Numerics.Native;

/// <summary>Asks the system for huge pages.</summary>
internal static partial class HugePages
{
    /// <summary>Bytes of a huge page.</summary>
    public const nuint Size = 2 << 20;

    private const int Advice = 14;

    /// <summary>Asks for the whole huge pages of a range that was not written yet. Refused, it stays memory of small
    /// pages.</summary>
    /// <param name="address">Its first byte.</param>
    /// <param name="length">Its bytes.</param>
    public static void Ask(nint address, nuint length)
    {
        nuint first = ((nuint)address + Size - 1) & ~(Size - 1);
        nuint end = ((nuint)address + length) & ~(Size - 1);
        if (OperatingSystem.IsLinux() && end > first)
        {
            _ = Advise((nint)first, end - first, Advice);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(nint address, nuint length, int advice);
}
