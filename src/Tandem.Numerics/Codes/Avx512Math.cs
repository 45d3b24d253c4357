using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tandem.Numerics.Codes;

/// <summary>As <see cref="Avx2Math"/>, a whole group of four dimensions of sixteen vectors at a time: AVX-512BW.</summary>
internal readonly struct Avx512Math : IBlockMath
{
    public static bool TakesPairs => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(
        ref readonly byte codes, int groups, ref readonly int words, int bias, out Vector256<int> low,
        out Vector256<int> high)
    {
        var sum = Vector512.Create(bias);
        Vector512<int> odd = Vector512<int>.Zero;
        ref byte at = ref Unsafe.AsRef(in codes);
        ref int word = ref Unsafe.AsRef(in words);
        int group = 0;
        for (; group + 2 <= groups; group += 2)
        {
            sum = Advance(Vector512.LoadUnsafe(ref at), ref word, sum);
            odd = Advance(Vector512.LoadUnsafe(ref at, CodeBlocks.GroupBytes), ref Unsafe.Add(ref word, 2), odd);
            at = ref Unsafe.Add(ref at, 2 * CodeBlocks.GroupBytes);
            word = ref Unsafe.Add(ref word, 4);
        }

        if (group < groups)
        {
            sum = Advance(Vector512.LoadUnsafe(ref at), ref word, sum);
        }

        sum += odd;
        low = sum.GetLower();
        high = sum.GetUpper();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Four(
        ref readonly byte codes, int groups, ref readonly int words, Vector128<int> bias,
        out Vector256<int> a0, out Vector256<int> a1, out Vector256<int> b0, out Vector256<int> b1,
        out Vector256<int> c0, out Vector256<int> c1, out Vector256<int> d0, out Vector256<int> d1)
    {
        var a = Vector512.Create(bias[0]);
        var b = Vector512.Create(bias[1]);
        var c = Vector512.Create(bias[2]);
        var d = Vector512.Create(bias[3]);
        ref byte at = ref Unsafe.AsRef(in codes);
        ref int word = ref Unsafe.AsRef(in words);
        for (int group = 0; group < groups; group++)
        {
            var u = Vector512.LoadUnsafe(ref at);
            a = Advance(u, ref word, a);
            b = Advance(u, ref Unsafe.Add(ref word, 2), b);
            c = Advance(u, ref Unsafe.Add(ref word, 4), c);
            d = Advance(u, ref Unsafe.Add(ref word, 6), d);
            at = ref Unsafe.Add(ref at, CodeBlocks.GroupBytes);
            word = ref Unsafe.Add(ref word, 8);
        }

        (a0, a1) = (a.GetLower(), a.GetUpper());
        (b0, b1) = (b.GetLower(), b.GetUpper());
        (c0, c1) = (c.GetLower(), c.GetUpper());
        (d0, d1) = (d.GetLower(), d.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Advance(Vector512<byte> codes, ref int pair, Vector512<int> sum)
    {
        Vector512<byte> size = Vector512.Create(pair).AsByte();
        Vector512<byte> mask = Vector512.Create(Unsafe.Add(ref pair, 1)).AsByte();
        return sum + Avx512BW.MultiplyAddAdjacent(
            Avx512BW.MultiplyAddAdjacent(size, (codes ^ mask).AsSByte()), Vector512<short>.One);
    }
}
