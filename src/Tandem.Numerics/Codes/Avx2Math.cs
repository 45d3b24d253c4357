using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tandem.Numerics.Codes;

/// <summary>The same without VNNI: the query's magnitudes times the block's codes under its mask, two products a 16-bit sum,
/// which cannot overflow: 2 · 127 · 128 &lt; 32768.</summary>
internal readonly struct Avx2Math : IBlockMath
{
    public static bool TakesPairs => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(
        ref readonly byte codes, int groups, ref readonly int words, int bias, out Vector256<int> low,
        out Vector256<int> high)
    {
        low = Vector256.Create(bias);
        high = low;
        ref byte at = ref Unsafe.AsRef(in codes);
        ref int word = ref Unsafe.AsRef(in words);
        for (int group = 0; group < groups; group++)
        {
            Advance(Vector256.LoadUnsafe(ref at), Vector256.LoadUnsafe(ref at, 32), ref word, ref low, ref high);
            at = ref Unsafe.Add(ref at, CodeBlocks.GroupBytes);
            word = ref Unsafe.Add(ref word, 2);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Four(
        ref readonly byte codes, int groups, ref readonly int words, Vector128<int> bias,
        out Vector256<int> a0, out Vector256<int> a1, out Vector256<int> b0, out Vector256<int> b1,
        out Vector256<int> c0, out Vector256<int> c1, out Vector256<int> d0, out Vector256<int> d1)
    {
        a1 = a0 = Vector256.Create(bias[0]);
        b1 = b0 = Vector256.Create(bias[1]);
        c1 = c0 = Vector256.Create(bias[2]);
        d1 = d0 = Vector256.Create(bias[3]);
        ref byte at = ref Unsafe.AsRef(in codes);
        ref int word = ref Unsafe.AsRef(in words);
        for (int group = 0; group < groups; group++)
        {
            var u = Vector256.LoadUnsafe(ref at);
            var v = Vector256.LoadUnsafe(ref at, 32);
            Advance(u, v, ref word, ref a0, ref a1);
            Advance(u, v, ref Unsafe.Add(ref word, 2), ref b0, ref b1);
            Advance(u, v, ref Unsafe.Add(ref word, 4), ref c0, ref c1);
            Advance(u, v, ref Unsafe.Add(ref word, 6), ref d0, ref d1);
            at = ref Unsafe.Add(ref at, CodeBlocks.GroupBytes);
            word = ref Unsafe.Add(ref word, 8);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Advance(
        Vector256<byte> u, Vector256<byte> v, ref int pair, ref Vector256<int> low, ref Vector256<int> high)
    {
        Vector256<byte> size = Vector256.Create(pair).AsByte();
        Vector256<byte> mask = Vector256.Create(Unsafe.Add(ref pair, 1)).AsByte();
        low += Avx2.MultiplyAddAdjacent(
            Avx2.MultiplyAddAdjacent(size, (u ^ mask).AsSByte()), Vector256<short>.One);
        high += Avx2.MultiplyAddAdjacent(
            Avx2.MultiplyAddAdjacent(size, (v ^ mask).AsSByte()), Vector256<short>.One);
    }
}
