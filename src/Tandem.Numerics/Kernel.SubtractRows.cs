using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tandem.Numerics;

public static partial class Kernel
{
    /// <summary>Takes a combination of rows out of a vector: y[i] ← y[i] − Σₖ f[k]·rows[k][i].</summary>
    /// <param name="rows">First row; row k begins k·<paramref name="stride"/> later.</param>
    /// <param name="stride">Distance between rows.</param>
    /// <param name="factors">First factor; factor k lies k·<paramref name="factorStride"/> later.</param>
    /// <param name="factorStride">Distance between factors.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="y">Target of n elements, in none of the rows.</param>
    /// <param name="n">Number of elements, a multiple of 16.</param>
    /// <remarks>Four registers of y stay loaded while all rows go by.</remarks>
    internal static void SubtractRows(
        ref float rows, int stride, ref float factors, int factorStride, int count, ref float y, int n)
    {
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i + 64 <= n; i += 64)
            {
                Subtract64(
                    ref Unsafe.Add(ref rows, i), stride, ref factors, factorStride, count, ref Unsafe.Add(ref y, i));
            }

            for (; i + 16 <= n; i += 16)
            {
                Subtract16(
                    ref Unsafe.Add(ref rows, i), stride, ref factors, factorStride, count, ref Unsafe.Add(ref y, i));
            }
        }

        for (int k = 0; k < count && i < n; k++)
        {
            AddScaled(
                -Unsafe.Add(ref factors, k * factorStride), ref Unsafe.Add(ref rows, (k * stride) + i),
                ref Unsafe.Add(ref y, i),
                (nuint)(n - i));
        }
    }

    private static void Subtract64(
        ref float rows, int stride, ref float factors, int factorStride, int count, ref float y)
    {
        var y0 = Vector512.LoadUnsafe(ref y);
        var y1 = Vector512.LoadUnsafe(ref y, 16);
        var y2 = Vector512.LoadUnsafe(ref y, 32);
        var y3 = Vector512.LoadUnsafe(ref y, 48);
        for (int k = 0; k < count; k++)
        {
            var factor = Vector512.Create(-factors);
            y0 = Vector512.FusedMultiplyAdd(factor, Vector512.LoadUnsafe(ref rows), y0);
            y1 = Vector512.FusedMultiplyAdd(factor, Vector512.LoadUnsafe(ref rows, 16), y1);
            y2 = Vector512.FusedMultiplyAdd(factor, Vector512.LoadUnsafe(ref rows, 32), y2);
            y3 = Vector512.FusedMultiplyAdd(factor, Vector512.LoadUnsafe(ref rows, 48), y3);
            rows = ref Unsafe.Add(ref rows, stride);
            factors = ref Unsafe.Add(ref factors, factorStride);
        }

        y0.StoreUnsafe(ref y);
        y1.StoreUnsafe(ref y, 16);
        y2.StoreUnsafe(ref y, 32);
        y3.StoreUnsafe(ref y, 48);
    }

    private static void Subtract16(
        ref float rows, int stride, ref float factors, int factorStride, int count, ref float y)
    {
        var even = Vector512.LoadUnsafe(ref y);
        Vector512<float> odd = Vector512<float>.Zero;
        int k = 0;
        for (; k + 2 <= count; k += 2)
        {
            ref float next = ref Unsafe.Add(ref rows, stride);
            even = Vector512.FusedMultiplyAdd(Vector512.Create(-factors), Vector512.LoadUnsafe(ref rows), even);
            odd = Vector512.FusedMultiplyAdd(
                Vector512.Create(-Unsafe.Add(ref factors, factorStride)), Vector512.LoadUnsafe(ref next), odd);
            rows = ref Unsafe.Add(ref next, stride);
            factors = ref Unsafe.Add(ref factors, 2 * factorStride);
        }

        if (k < count)
        {
            even = Vector512.FusedMultiplyAdd(Vector512.Create(-factors), Vector512.LoadUnsafe(ref rows), even);
        }

        (even + odd).StoreUnsafe(ref y);
    }
}
