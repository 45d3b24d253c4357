using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tandem.Numerics.Native;

namespace Tandem.Numerics;

/// <summary>Arrays for tables: from 4 MiB on they lie where the collector moves nothing, in huge pages where the system gives
/// them, so that a look-up rarely waits for the translation of its address.</summary>
public static class LargeArray
{
    private const long LeastBytes = 4 << 20;

    /// <summary>Allocates zeros.</summary>
    /// <param name="length">Elements, ≥ 0.</param>
    public static T[] Zeros<T>(int length)
        where T : unmanaged
    {
        long bytes = (long)length * Unsafe.SizeOf<T>();
        if (bytes < LeastBytes)
        {
            return new T[length];
        }

        // Uninitialised: its pages must not be written before they are asked for.
        T[] array = GC.AllocateUninitializedArray<T>(length, pinned: true);
        HugePages.Ask(Marshal.UnsafeAddrOfPinnedArrayElement(array, 0), (nuint)bytes);
        Array.Clear(array);
        return array;
    }
}
