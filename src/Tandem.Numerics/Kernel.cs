using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tandem.Numerics;

/// <summary>Vector arithmetic on float32 spans: the loops under every model.</summary>
/// <remarks>Uses 512-bit registers where the processor has them, else 256-bit ones, else plain floats. Results may
/// differ between instruction sets in the last bits, never between runs or thread counts. Allocates nothing.</remarks>
public static partial class Kernel
{
    /// <summary>Adds a multiple of one vector to another: y[i] ← y[i] + a·x[i].</summary>
    /// <param name="a">Multiplier; NaN spreads to every element.</param>
    /// <param name="x">Addend, length n.</param>
    /// <param name="y">Target, length n, updated in place; may equal but not partly overlap
    /// <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void AddScaled(float a, ReadOnlySpan<float> x, Span<float> y)
    {
        ThrowUnlessEqual(x.Length, y.Length);
        AddScaled(a, ref MemoryMarshal.GetReference(x), ref MemoryMarshal.GetReference(y), (nuint)x.Length);
    }

    /// <summary>Multiplies a vector by a number in place: x[i] ← a·x[i].</summary>
    /// <param name="a">Multiplier; NaN spreads to every element.</param>
    /// <param name="x">Vector of any length.</param>
    public static void Scale(float a, Span<float> x)
    {
        ref float at = ref MemoryMarshal.GetReference(x);
        nuint n = (nuint)x.Length;
        nuint i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i + 16 <= n; i += 16)
            {
                (Vector512.LoadUnsafe(ref at, i) * a).StoreUnsafe(ref at, i);
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (; i + 8 <= n; i += 8)
            {
                (Vector256.LoadUnsafe(ref at, i) * a).StoreUnsafe(ref at, i);
            }
        }

        for (; i < n; i++)
        {
            x[(int)i] *= a;
        }
    }

    /// <summary>Scales and moves a vector in place: x[i] ← a·x[i] + b.</summary>
    /// <param name="a">Multiplier; NaN spreads to every element.</param>
    /// <param name="b">Addend; NaN spreads to every element.</param>
    /// <param name="x">Vector of any length.</param>
    public static void ScaleAndShift(float a, float b, Span<float> x)
    {
        ref float at = ref MemoryMarshal.GetReference(x);
        nuint n = (nuint)x.Length;
        nuint i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i + 16 <= n; i += 16)
            {
                Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref at, i), Vector512.Create(a), Vector512.Create(b))
                    .StoreUnsafe(ref at, i);
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (; i + 8 <= n; i += 8)
            {
                Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref at, i), Vector256.Create(a), Vector256.Create(b))
                    .StoreUnsafe(ref at, i);
            }
        }

        for (; i < n; i++)
        {
            x[(int)i] = MathF.FusedMultiplyAdd(x[(int)i], a, b);
        }
    }

    /// <summary>Adds up a vector; 0 where it is empty.</summary>
    /// <param name="x">Vector of any length; a NaN makes the sum NaN.</param>
    public static float Sum(ReadOnlySpan<float> x)
    {
        ref float at = ref MemoryMarshal.GetReference(x);
        nuint n = (nuint)x.Length;
        nuint i = 0;
        float sum = 0;
        if (Vector512.IsHardwareAccelerated && n >= 16)
        {
            Vector512<float> lanes = Vector512<float>.Zero;
            for (; i + 16 <= n; i += 16)
            {
                lanes += Vector512.LoadUnsafe(ref at, i);
            }

            sum = Vector512.Sum(lanes);
        }
        else if (Vector256.IsHardwareAccelerated && n >= 8)
        {
            Vector256<float> lanes = Vector256<float>.Zero;
            for (; i + 8 <= n; i += 8)
            {
                lanes += Vector256.LoadUnsafe(ref at, i);
            }

            sum = Vector256.Sum(lanes);
        }

        for (; i < n; i++)
        {
            sum += x[(int)i];
        }

        return sum;
    }

    /// <summary>Finds the largest element; negative infinity where the vector is empty.</summary>
    /// <param name="x">Vector of any length; a NaN makes the result NaN.</param>
    public static float Max(ReadOnlySpan<float> x)
    {
        ref float at = ref MemoryMarshal.GetReference(x);
        nuint n = (nuint)x.Length;
        nuint i = 0;
        float max = float.NegativeInfinity;
        if (Vector512.IsHardwareAccelerated && n >= 16)
        {
            var lanes = Vector512.Create(float.NegativeInfinity);
            for (; i + 16 <= n; i += 16)
            {
                lanes = Vector512.Max(lanes, Vector512.LoadUnsafe(ref at, i));
            }

            max = MaxOf(lanes);
        }
        else if (Vector256.IsHardwareAccelerated && n >= 8)
        {
            var lanes = Vector256.Create(float.NegativeInfinity);
            for (; i + 8 <= n; i += 8)
            {
                lanes = Vector256.Max(lanes, Vector256.LoadUnsafe(ref at, i));
            }

            max = MaxOf(Vector512.Create(lanes, lanes));
        }

        for (; i < n; i++)
        {
            max = MathF.Max(max, x[(int)i]);
        }

        return max;
    }

    internal static void AddScaled(float a, ref float x, ref float y, nuint n)
    {
        nuint i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            var factor = Vector512.Create(a);
            for (; i + 16 <= n; i += 16)
            {
                Vector512.FusedMultiplyAdd(factor, Vector512.LoadUnsafe(ref x, i), Vector512.LoadUnsafe(ref y, i))
                    .StoreUnsafe(ref y, i);
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            var factor = Vector256.Create(a);
            for (; i + 8 <= n; i += 8)
            {
                Vector256.FusedMultiplyAdd(factor, Vector256.LoadUnsafe(ref x, i), Vector256.LoadUnsafe(ref y, i))
                    .StoreUnsafe(ref y, i);
            }
        }

        for (; i < n; i++)
        {
            ref float target = ref Unsafe.Add(ref y, i);
            target = MathF.FusedMultiplyAdd(a, Unsafe.Add(ref x, i), target);
        }
    }

    private static float MaxOf(Vector512<float> lanes)
    {
        float max = float.NegativeInfinity;
        for (int lane = 0; lane < Vector512<float>.Count; lane++)
        {
            max = MathF.Max(max, lanes[lane]);
        }

        return max;
    }

    private static void ThrowUnlessEqual(int left, int right)
    {
        if (left != right)
        {
            ThrowLengths(left, right);
        }
    }

    [DoesNotReturn]
    private static void ThrowLengths(int left, int right) =>
        throw new ArgumentException(
            $"The vectors have {left} and {right} elements; they must have equally many.", nameof(left));
}
