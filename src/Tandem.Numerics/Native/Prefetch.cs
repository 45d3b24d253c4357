using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Tandem.Numerics.Native;

/// <summary>Asks the processor for memory before it is needed; does nothing where it cannot be asked.</summary>
internal static class Prefetch
{
    /// <summary>Fetches the cache line of an address. The address may move or be past the end: nothing is read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Line(ref readonly byte address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in address)));
        }
    }
}
