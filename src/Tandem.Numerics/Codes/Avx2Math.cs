using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tandem.Numerics.Codes;

/// <summary>The same without VNNI: the query's magnitude times the block's code with the query's sign, two products a
/// 16-bit sum, which cannot overflow: 2 · 127 · 127 &lt; 32768.</summary>
internal readonly struct Avx2Math : IBlockMath
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(
        ref readonly byte codes, int groups, ref readonly int words, int bias, out Vector256<int> low,
        out Vector256<int> high)
    {
        low = Vector256<int>.Zero;
        high = Vector256<int>.Zero;
        ref byte at = ref Unsafe.AsRef(in codes);
        ref int word = ref Unsafe.AsRef(in words);
        for (int group = 0; group < groups; group++)
        {
            Advance(
                Signed(Vector256.LoadUnsafe(ref at)), Signed(Vector256.LoadUnsafe(ref at, 32)),
                Unsafe.Add(ref word, group), ref low, ref high);
            at = ref Unsafe.Add(ref at, CodeBlocks.GroupBytes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Four(
        ref readonly byte codes, int groups, ref readonly int words, Vector128<int> bias,
        out Vector256<int> a0, out Vector256<int> a1, out Vector256<int> b0, out Vector256<int> b1,
        out Vector256<int> c0, out Vector256<int> c1, out Vector256<int> d0, out Vector256<int> d1)
    {
        a1 = a0 = Vector256<int>.Zero;
        b1 = b0 = a0;
        c1 = c0 = a0;
        d1 = d0 = a0;
        ref byte at = ref Unsafe.AsRef(in codes);
        ref int word = ref Unsafe.AsRef(in words);
        for (int group = 0; group < groups; group++)
        {
            Vector256<sbyte> u = Signed(Vector256.LoadUnsafe(ref at));
            Vector256<sbyte> v = Signed(Vector256.LoadUnsafe(ref at, 32));
            Advance(u, v, word, ref a0, ref a1);
            Advance(u, v, Unsafe.Add(ref word, 1), ref b0, ref b1);
            Advance(u, v, Unsafe.Add(ref word, 2), ref c0, ref c1);
            Advance(u, v, Unsafe.Add(ref word, 3), ref d0, ref d1);
            at = ref Unsafe.Add(ref at, CodeBlocks.GroupBytes);
            word = ref Unsafe.Add(ref word, 4);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<sbyte> Signed(Vector256<byte> codes) => (codes ^ Vector256.Create((byte)0x80)).AsSByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Advance(
        Vector256<sbyte> u, Vector256<sbyte> v, int word, ref Vector256<int> low, ref Vector256<int> high)
    {
        Vector256<sbyte> x = Vector256.Create(word).AsSByte();
        Vector256<byte> size = Avx2.Abs(x);
        low += Avx2.MultiplyAddAdjacent(
            Avx2.MultiplyAddAdjacent(size, Avx2.Sign(u, x)), Vector256<short>.One);
        high += Avx2.MultiplyAddAdjacent(
            Avx2.MultiplyAddAdjacent(size, Avx2.Sign(v, x)), Vector256<short>.One);
    }
}
