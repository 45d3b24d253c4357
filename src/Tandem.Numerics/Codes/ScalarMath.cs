using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tandem.Numerics.Codes;

/// <summary>The same in plain numbers, for processors without either.</summary>
internal readonly struct ScalarMath : IBlockMath
{
    public static bool TakesPairs => false;

    public static void One(
        ref readonly byte codes, int groups, ref readonly int words, int bias, out Vector256<int> low,
        out Vector256<int> high)
    {
        low = Eight(in codes, groups, in words, 1);
        high = Eight(in Unsafe.Add(ref Unsafe.AsRef(in codes), 32), groups, in words, 1);
    }

    public static void Four(
        ref readonly byte codes, int groups, ref readonly int words, Vector128<int> bias,
        out Vector256<int> a0, out Vector256<int> a1, out Vector256<int> b0, out Vector256<int> b1,
        out Vector256<int> c0, out Vector256<int> c1, out Vector256<int> d0, out Vector256<int> d1)
    {
        ref byte high = ref Unsafe.Add(ref Unsafe.AsRef(in codes), 32);
        ref int word = ref Unsafe.AsRef(in words);
        a0 = Eight(in codes, groups, in word, 4);
        a1 = Eight(in high, groups, in word, 4);
        b0 = Eight(in codes, groups, in Unsafe.Add(ref word, 1), 4);
        b1 = Eight(in high, groups, in Unsafe.Add(ref word, 1), 4);
        c0 = Eight(in codes, groups, in Unsafe.Add(ref word, 2), 4);
        c1 = Eight(in high, groups, in Unsafe.Add(ref word, 2), 4);
        d0 = Eight(in codes, groups, in Unsafe.Add(ref word, 3), 4);
        d1 = Eight(in high, groups, in Unsafe.Add(ref word, 3), 4);
    }

    private static Vector256<int> Eight(ref readonly byte codes, int groups, ref readonly int words, int step)
    {
        Vector256<int> sums = Vector256<int>.Zero;
        ref byte at = ref Unsafe.AsRef(in codes);
        ref int word = ref Unsafe.AsRef(in words);
        for (nint group = 0; group < groups; group++)
        {
            int four = Unsafe.Add(ref word, group * step);
            for (int lane = 0; lane < 8; lane++)
            {
                ref byte code = ref Unsafe.Add(ref at, (group * CodeBlocks.GroupBytes) + (lane * 4));
                int sum = 0;
                for (int i = 0; i < 4; i++)
                {
                    sum += (Unsafe.Add(ref code, i) - 128) * (sbyte)(four >> (8 * i));
                }

                sums = sums.WithElement(lane, sums[lane] + sum);
            }
        }

        return sums;
    }
}
