using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Tandem.Numerics.Native;

/// <summary>Asks the processor for memory before it is needed; does nothing where it cannot be asked.</summary>
public static class Prefetch
{
    /// <summary>Fetches all cache lines of some memory.</summary>
    /// <param name="bytes">The memory.</param>
    public static void Lines(ReadOnlySpan<byte> bytes)
    {
        for (int at = 0; at < bytes.Length; at += AlignedBytes.Line)
        {
            Line(in bytes[at]);
        }
    }

    /// <summary>Fetches the cache line of an address. The address may move or be past the end: nothing is read.</summary>
    /// <param name="address">The address.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Line(ref readonly byte address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in address)));
        }
    }
}
