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
    public static float[] Zeros(int length)
    {
        if ((long)length * sizeof(float) < LeastBytes)
        {
            return new float[length];
        }

        // Uninitialised: its pages must not be written before they are asked for.
        float[] array = GC.AllocateUninitializedArray<float>(length, pinned: true);
        HugePages.Ask(Marshal.UnsafeAddrOfPinnedArrayElement(array, 0), (nuint)length * sizeof(float));
        Array.Clear(array);
        return array;
    }
}
