using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tandem.Numerics;

public static partial class Kernel
{
    /// <summary>The inner product of two vectors: Σ x[i]·y[i]; 0 where they are empty.</summary>
    /// <param name="x">First vector, length n.</param>
    /// <param name="y">Second vector, length n.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        ThrowUnlessEqual(x.Length, y.Length);
        return Dot(ref MemoryMarshal.GetReference(x), ref MemoryMarshal.GetReference(y), (nuint)x.Length);
    }

    internal static float Dot(ref float x, ref float y, nuint n)
    {
        nuint i = 0;
        float sum = 0;
        if (Vector512.IsHardwareAccelerated && n >= 16)
        {
            Vector512<float> lanes = Vector512<float>.Zero;
            for (; i + 16 <= n; i += 16)
            {
                lanes = Vector512.FusedMultiplyAdd(
                    Vector512.LoadUnsafe(ref x, i), Vector512.LoadUnsafe(ref y, i), lanes);
            }

            sum = Vector512.Sum(lanes);
        }
        else if (Vector256.IsHardwareAccelerated && n >= 8)
        {
            Vector256<float> lanes = Vector256<float>.Zero;
            for (; i + 8 <= n; i += 8)
            {
                lanes = Vector256.FusedMultiplyAdd(
                    Vector256.LoadUnsafe(ref x, i), Vector256.LoadUnsafe(ref y, i), lanes);
            }

            sum = Vector256.Sum(lanes);
        }

        for (; i < n; i++)
        {
            sum = MathF.FusedMultiplyAdd(Unsafe.Add(ref x, i), Unsafe.Add(ref y, i), sum);
        }

        return sum;
    }

    /// <summary>Four inner products with one shared vector; each is the same number that <see cref="Dot(ref float, ref
    /// float, nuint)"/> gives, because each keeps its own accumulator in the same order.</summary>
    internal static void DotFour(ref float rows, nuint stride, ref float y, nuint n, Span<float> sums)
    {
        ref float r1 = ref Unsafe.Add(ref rows, stride);
        ref float r2 = ref Unsafe.Add(ref rows, 2 * stride);
        ref float r3 = ref Unsafe.Add(ref rows, 3 * stride);
        if (!Vector512.IsHardwareAccelerated || n % 16 != 0)
        {
            sums[0] = Dot(ref rows, ref y, n);
            sums[1] = Dot(ref r1, ref y, n);
            sums[2] = Dot(ref r2, ref y, n);
            sums[3] = Dot(ref r3, ref y, n);
            return;
        }

        Vector512<float> s0 = Vector512<float>.Zero;
        Vector512<float> s1 = Vector512<float>.Zero;
        Vector512<float> s2 = Vector512<float>.Zero;
        Vector512<float> s3 = Vector512<float>.Zero;
        for (nuint i = 0; i < n; i += 16)
        {
            var shared = Vector512.LoadUnsafe(ref y, i);
            s0 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref rows, i), shared, s0);
            s1 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref r1, i), shared, s1);
            s2 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref r2, i), shared, s2);
            s3 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref r3, i), shared, s3);
        }

        sums[0] = Vector512.Sum(s0);
        sums[1] = Vector512.Sum(s1);
        sums[2] = Vector512.Sum(s2);
        sums[3] = Vector512.Sum(s3);
    }
}
