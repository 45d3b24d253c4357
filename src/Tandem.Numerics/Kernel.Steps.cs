using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tandem.Numerics;

public static partial class Kernel
{
    /// <summary>A step of Adagrad: s ← s + g², x ← x − rate·g / (√s + ε).</summary>
    /// <param name="gradient">g, length n.</param>
    /// <param name="sums">s, sums of squares ≥ 0, length n, updated in place.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="epsilon">ε, above 0.</param>
    /// <param name="x">Parameters, length n, updated in place.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <remarks>Paper: Duchi, Hazan and Singer, <em>Adaptive Subgradient Methods</em>, 2011.</remarks>
    public static void AdagradStep(
        ReadOnlySpan<float> gradient, Span<float> sums, float rate, float epsilon, Span<float> x)
    {
        ThrowUnlessEqual(gradient.Length, x.Length);
        ThrowUnlessEqual(sums.Length, x.Length);
        ref float g = ref MemoryMarshal.GetReference(gradient);
        ref float s = ref MemoryMarshal.GetReference(sums);
        ref float target = ref MemoryMarshal.GetReference(x);
        nuint n = (nuint)x.Length;
        nuint i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i + 16 <= n; i += 16)
            {
                var slope = Vector512.LoadUnsafe(ref g, i);
                Vector512<float> sum = Vector512.LoadUnsafe(ref s, i) + (slope * slope);
                sum.StoreUnsafe(ref s, i);
                Vector512<float> step = rate * slope / (Vector512.Sqrt(sum) + Vector512.Create(epsilon));
                (Vector512.LoadUnsafe(ref target, i) - step).StoreUnsafe(ref target, i);
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (; i + 8 <= n; i += 8)
            {
                var slope = Vector256.LoadUnsafe(ref g, i);
                Vector256<float> sum = Vector256.LoadUnsafe(ref s, i) + (slope * slope);
                sum.StoreUnsafe(ref s, i);
                Vector256<float> step = rate * slope / (Vector256.Sqrt(sum) + Vector256.Create(epsilon));
                (Vector256.LoadUnsafe(ref target, i) - step).StoreUnsafe(ref target, i);
            }
        }

        for (; i < n; i++)
        {
            float slope = Unsafe.Add(ref g, i);
            ref float sum = ref Unsafe.Add(ref s, i);
            sum += slope * slope;
            Unsafe.Add(ref target, i) -= rate * slope / (MathF.Sqrt(sum) + epsilon);
        }
    }

    /// <summary>A step of Adam: m ← m + (1 − β₁)(g − m), v ← v + (1 − β₂)(g² − v), x ← x − rate·m / (√v + ε).</summary>
    /// <param name="gradient">g, length n.</param>
    /// <param name="mean">m, length n, updated in place.</param>
    /// <param name="square">v ≥ 0, length n, updated in place.</param>
    /// <param name="rates">1 − β₁ and 1 − β₂.</param>
    /// <param name="rate">Learning rate, the bias of m and v already corrected in it and in ε.</param>
    /// <param name="epsilon">ε, above 0.</param>
    /// <param name="x">Parameters, length n, updated in place.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <remarks>Paper: Kingma and Ba, <em>Adam: A Method for Stochastic Optimization</em>, 2015.</remarks>
    public static void AdamStep(
        ReadOnlySpan<float> gradient, Span<float> mean, Span<float> square, (float Mean, float Square) rates, float rate,
        float epsilon, Span<float> x)
    {
        ThrowUnlessEqual(gradient.Length, x.Length);
        ThrowUnlessEqual(mean.Length, x.Length);
        ThrowUnlessEqual(square.Length, x.Length);
        ref float g = ref MemoryMarshal.GetReference(gradient);
        ref float m = ref MemoryMarshal.GetReference(mean);
        ref float v = ref MemoryMarshal.GetReference(square);
        ref float target = ref MemoryMarshal.GetReference(x);
        nuint n = (nuint)x.Length;
        nuint i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i + 16 <= n; i += 16)
            {
                var slope = Vector512.LoadUnsafe(ref g, i);
                var first = Vector512.LoadUnsafe(ref m, i);
                var second = Vector512.LoadUnsafe(ref v, i);
                first += rates.Mean * (slope - first);
                second += rates.Square * ((slope * slope) - second);
                first.StoreUnsafe(ref m, i);
                second.StoreUnsafe(ref v, i);
                Vector512<float> step = rate * first / (Vector512.Sqrt(second) + Vector512.Create(epsilon));
                (Vector512.LoadUnsafe(ref target, i) - step).StoreUnsafe(ref target, i);
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (; i + 8 <= n; i += 8)
            {
                var slope = Vector256.LoadUnsafe(ref g, i);
                var first = Vector256.LoadUnsafe(ref m, i);
                var second = Vector256.LoadUnsafe(ref v, i);
                first += rates.Mean * (slope - first);
                second += rates.Square * ((slope * slope) - second);
                first.StoreUnsafe(ref m, i);
                second.StoreUnsafe(ref v, i);
                Vector256<float> step = rate * first / (Vector256.Sqrt(second) + Vector256.Create(epsilon));
                (Vector256.LoadUnsafe(ref target, i) - step).StoreUnsafe(ref target, i);
            }
        }

        for (; i < n; i++)
        {
            float slope = Unsafe.Add(ref g, i);
            ref float first = ref Unsafe.Add(ref m, i);
            ref float second = ref Unsafe.Add(ref v, i);
            first += rates.Mean * (slope - first);
            second += rates.Square * ((slope * slope) - second);
            Unsafe.Add(ref target, i) -= rate * first / (MathF.Sqrt(second) + epsilon);
        }
    }
}
