using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tandem.Numerics.Codes;

/// <summary>Four products of bytes and their sum in one instruction: AVX-VNNI.</summary>
internal readonly struct VnniMath : IBlockMath
{
    public static bool TakesPairs => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One(
        ref readonly byte codes, int groups, ref readonly int words, int bias, out Vector256<int> low,
        out Vector256<int> high)
    {
        var a0 = Vector256.Create(bias);
        Vector256<int> a1 = a0;
        Vector256<int> b0 = Vector256<int>.Zero;
        Vector256<int> b1 = b0;
        ref byte at = ref Unsafe.AsRef(in codes);
        ref int word = ref Unsafe.AsRef(in words);
        nint group = 0;
        for (; group + 2 <= groups; group += 2)
        {
            Vector256<sbyte> x = Vector256.Create(Unsafe.Add(ref word, group)).AsSByte();
            Vector256<sbyte> y = Vector256.Create(Unsafe.Add(ref word, group + 1)).AsSByte();
            nuint offset = (nuint)(group * CodeBlocks.GroupBytes);
            a0 = AvxVnni.MultiplyWideningAndAdd(a0, Vector256.LoadUnsafe(ref at, offset), x);
            a1 = AvxVnni.MultiplyWideningAndAdd(a1, Vector256.LoadUnsafe(ref at, offset + 32), x);
            b0 = AvxVnni.MultiplyWideningAndAdd(b0, Vector256.LoadUnsafe(ref at, offset + 64), y);
            b1 = AvxVnni.MultiplyWideningAndAdd(b1, Vector256.LoadUnsafe(ref at, offset + 96), y);
        }

        if (group < groups)
        {
            Vector256<sbyte> x = Vector256.Create(Unsafe.Add(ref word, group)).AsSByte();
            nuint offset = (nuint)(group * CodeBlocks.GroupBytes);
            a0 = AvxVnni.MultiplyWideningAndAdd(a0, Vector256.LoadUnsafe(ref at, offset), x);
            a1 = AvxVnni.MultiplyWideningAndAdd(a1, Vector256.LoadUnsafe(ref at, offset + 32), x);
        }

        low = a0 + b0;
        high = a1 + b1;
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
            Advance(u, v, word, ref a0, ref a1);
            Advance(u, v, Unsafe.Add(ref word, 1), ref b0, ref b1);
            Advance(u, v, Unsafe.Add(ref word, 2), ref c0, ref c1);
            Advance(u, v, Unsafe.Add(ref word, 3), ref d0, ref d1);
            at = ref Unsafe.Add(ref at, CodeBlocks.GroupBytes);
            word = ref Unsafe.Add(ref word, 4);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Advance(
        Vector256<byte> u, Vector256<byte> v, int word, ref Vector256<int> low, ref Vector256<int> high)
    {
        Vector256<sbyte> x = Vector256.Create(word).AsSByte();
        low = AvxVnni.MultiplyWideningAndAdd(low, u, x);
        high = AvxVnni.MultiplyWideningAndAdd(high, v, x);
    }
}
