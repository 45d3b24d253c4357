using System.Runtime.InteropServices;

namespace Tandem.Numerics;

/// <summary>Memory that starts at a cache line, so that vectors of whole lines never straddle two.</summary>
public static class AlignedBytes
{
    /// <summary>Bytes of a cache line.</summary>
    public const int Line = 64;

    /// <summary>Allocates zeroed memory that the collector does not move.</summary>
    /// <param name="length">Bytes, ≥ 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">More bytes than an array holds.</exception>
    public static Memory<byte> Allocate(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Array.MaxLength - Line);
        byte[] array = GC.AllocateArray<byte>((int)length + Line, pinned: true);
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
        int skip = (int)(-address & (Line - 1));
        return array.AsMemory(skip, (int)length);
    }
}
