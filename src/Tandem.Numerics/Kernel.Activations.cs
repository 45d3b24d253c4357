using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tandem.Numerics;

public static partial class Kernel
{
    // GELU in the form x·σ(2·√(2/π)·(x + 0.044715·x³)).
    private const float GeluScale = 1.5957691216f;
    private const float GeluCubic = 0.0713548162726f;

    /// <summary>A function of one number with its derivative, in three widths.</summary>
    internal interface IElementwise
    {
        /// <summary>f(x).</summary>
        static abstract Vector512<float> Value(Vector512<float> x);

        /// <summary>f(x).</summary>
        static abstract Vector256<float> Value(Vector256<float> x);

        /// <summary>f(x).</summary>
        static abstract float Value(float x);

        /// <summary>f′(x).</summary>
        static abstract Vector512<float> Slope(Vector512<float> x);

        /// <summary>f′(x).</summary>
        static abstract Vector256<float> Slope(Vector256<float> x);

        /// <summary>f′(x).</summary>
        static abstract float Slope(float x);
    }

    /// <summary>y[i] ← max(x[i], 0); 0 for NaN.</summary>
    /// <param name="x">Input, length n.</param>
    /// <param name="y">Receives the result, length n; may be <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Relu(ReadOnlySpan<float> x, Span<float> y) => Apply<ReluFunction>(x, y);

    /// <summary>The derivative of <see cref="Relu"/> times a gradient: g[i] ← g[i] where x[i] is above 0, else
    /// 0.</summary>
    /// <param name="x">Input of the function, length n.</param>
    /// <param name="gradient">Gradient of the result, length n; becomes that of the input.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void ReluBackward(ReadOnlySpan<float> x, Span<float> gradient) => ApplySlope<ReluFunction>(x, gradient);

    /// <summary>y[i] ← 1 / (1 + e^−x[i]).</summary>
    /// <param name="x">Input, length n.</param>
    /// <param name="y">Receives the result, length n; may be <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> y) => Apply<SigmoidFunction>(x, y);

    /// <summary>The derivative of <see cref="Sigmoid"/> times a gradient.</summary>
    /// <param name="x">Input of the function, length n.</param>
    /// <param name="gradient">Gradient of the result, length n; becomes that of the input.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void SigmoidBackward(ReadOnlySpan<float> x, Span<float> gradient) =>
        ApplySlope<SigmoidFunction>(x, gradient);

    /// <summary>y[i] ← tanh x[i].</summary>
    /// <param name="x">Input, length n.</param>
    /// <param name="y">Receives the result, length n; may be <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Tanh(ReadOnlySpan<float> x, Span<float> y) => Apply<TanhFunction>(x, y);

    /// <summary>The derivative of <see cref="Tanh"/> times a gradient.</summary>
    /// <param name="x">Input of the function, length n.</param>
    /// <param name="gradient">Gradient of the result, length n; becomes that of the input.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void TanhBackward(ReadOnlySpan<float> x, Span<float> gradient) => ApplySlope<TanhFunction>(x, gradient);

    /// <summary>y[i] ← x[i]·Φ(x[i]) by its tanh form, 0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))).</summary>
    /// <param name="x">Input, length n.</param>
    /// <param name="y">Receives the result, length n; may be <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Gelu(ReadOnlySpan<float> x, Span<float> y) => Apply<GeluFunction>(x, y);

    /// <summary>The derivative of <see cref="Gelu"/> times a gradient.</summary>
    /// <param name="x">Input of the function, length n.</param>
    /// <param name="gradient">Gradient of the result, length n; becomes that of the input.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void GeluBackward(ReadOnlySpan<float> x, Span<float> gradient) => ApplySlope<GeluFunction>(x, gradient);

    /// <summary>y[i] ← x[i]·y[i].</summary>
    /// <param name="x">Factors, length n.</param>
    /// <param name="y">Factors, length n; receives the products.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void MultiplyInto(ReadOnlySpan<float> x, Span<float> y)
    {
        ThrowUnlessEqual(x.Length, y.Length);
        ref float from = ref MemoryMarshal.GetReference(x);
        ref float to = ref MemoryMarshal.GetReference(y);
        nuint n = (nuint)x.Length;
        nuint i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i + 16 <= n; i += 16)
            {
                (Vector512.LoadUnsafe(ref from, i) * Vector512.LoadUnsafe(ref to, i)).StoreUnsafe(ref to, i);
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (; i + 8 <= n; i += 8)
            {
                (Vector256.LoadUnsafe(ref from, i) * Vector256.LoadUnsafe(ref to, i)).StoreUnsafe(ref to, i);
            }
        }

        for (; i < n; i++)
        {
            y[(int)i] *= x[(int)i];
        }
    }

    private static void Apply<TFunction>(ReadOnlySpan<float> x, Span<float> y)
        where TFunction : struct, IElementwise
    {
        ThrowUnlessEqual(x.Length, y.Length);
        ref float from = ref MemoryMarshal.GetReference(x);
        ref float to = ref MemoryMarshal.GetReference(y);
        nuint n = (nuint)x.Length;
        nuint i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i + 16 <= n; i += 16)
            {
                TFunction.Value(Vector512.LoadUnsafe(ref from, i)).StoreUnsafe(ref to, i);
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (; i + 8 <= n; i += 8)
            {
                TFunction.Value(Vector256.LoadUnsafe(ref from, i)).StoreUnsafe(ref to, i);
            }
        }

        for (; i < n; i++)
        {
            y[(int)i] = TFunction.Value(x[(int)i]);
        }
    }

    private static void ApplySlope<TFunction>(ReadOnlySpan<float> x, Span<float> gradient)
        where TFunction : struct, IElementwise
    {
        ThrowUnlessEqual(x.Length, gradient.Length);
        ref float from = ref MemoryMarshal.GetReference(x);
        ref float to = ref MemoryMarshal.GetReference(gradient);
        nuint n = (nuint)x.Length;
        nuint i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i + 16 <= n; i += 16)
            {
                (TFunction.Slope(Vector512.LoadUnsafe(ref from, i)) * Vector512.LoadUnsafe(ref to, i))
                    .StoreUnsafe(ref to, i);
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (; i + 8 <= n; i += 8)
            {
                (TFunction.Slope(Vector256.LoadUnsafe(ref from, i)) * Vector256.LoadUnsafe(ref to, i))
                    .StoreUnsafe(ref to, i);
            }
        }

        for (; i < n; i++)
        {
            gradient[(int)i] *= TFunction.Slope(x[(int)i]);
        }
    }

    private readonly struct ReluFunction : IElementwise
    {
        public static Vector512<float> Value(Vector512<float> x) =>
            Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), x, Vector512<float>.Zero);

        public static Vector256<float> Value(Vector256<float> x) =>
            Vector256.ConditionalSelect(Vector256.GreaterThan(x, Vector256<float>.Zero), x, Vector256<float>.Zero);

        public static float Value(float x) => x > 0 ? x : 0;

        public static Vector512<float> Slope(Vector512<float> x) =>
            Vector512.ConditionalSelect(
                Vector512.GreaterThan(x, Vector512<float>.Zero), Vector512<float>.One, Vector512<float>.Zero);

        public static Vector256<float> Slope(Vector256<float> x) =>
            Vector256.ConditionalSelect(
                Vector256.GreaterThan(x, Vector256<float>.Zero), Vector256<float>.One, Vector256<float>.Zero);

        public static float Slope(float x) => x > 0 ? 1 : 0;
    }

    private readonly struct SigmoidFunction : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Value(Vector512<float> x) =>
            Vector512<float>.One / (Vector512<float>.One + Exp(-x));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Value(Vector256<float> x) =>
            Vector256<float>.One / (Vector256<float>.One + Exp(-x));

        public static float Value(float x) => 1 / (1 + Exp(-x));

        public static Vector512<float> Slope(Vector512<float> x)
        {
            Vector512<float> value = Value(x);
            return value * (Vector512<float>.One - value);
        }

        public static Vector256<float> Slope(Vector256<float> x)
        {
            Vector256<float> value = Value(x);
            return value * (Vector256<float>.One - value);
        }

        public static float Slope(float x)
        {
            float value = Value(x);
            return value * (1 - value);
        }
    }

    /// <summary>tanh x = 2·σ(2x) − 1.</summary>
    private readonly struct TanhFunction : IElementwise
    {
        public static Vector512<float> Value(Vector512<float> x) =>
            (2 * SigmoidFunction.Value(2 * x)) - Vector512<float>.One;

        public static Vector256<float> Value(Vector256<float> x) =>
            (2 * SigmoidFunction.Value(2 * x)) - Vector256<float>.One;

        public static float Value(float x) => (2 * SigmoidFunction.Value(2 * x)) - 1;

        public static Vector512<float> Slope(Vector512<float> x) => 4 * SigmoidFunction.Slope(2 * x);

        public static Vector256<float> Slope(Vector256<float> x) => 4 * SigmoidFunction.Slope(2 * x);

        public static float Slope(float x) => 4 * SigmoidFunction.Slope(2 * x);
    }

    /// <summary>With s = σ(u(x)): f = x·s and f′ = s + x·s·(1 − s)·u′.</summary>
    private readonly struct GeluFunction : IElementwise
    {
        public static Vector512<float> Value(Vector512<float> x) =>
            x * SigmoidFunction.Value(x * (Vector512.Create(GeluScale) + (GeluCubic * x * x)));

        public static Vector256<float> Value(Vector256<float> x) =>
            x * SigmoidFunction.Value(x * (Vector256.Create(GeluScale) + (GeluCubic * x * x)));

        public static float Value(float x) => x * SigmoidFunction.Value(x * (GeluScale + (GeluCubic * x * x)));

        public static Vector512<float> Slope(Vector512<float> x)
        {
            Vector512<float> cubic = GeluCubic * x * x;
            Vector512<float> s = SigmoidFunction.Value(x * (Vector512.Create(GeluScale) + cubic));
            return s + (x * s * (Vector512<float>.One - s) * (Vector512.Create(GeluScale) + (3 * cubic)));
        }

        public static Vector256<float> Slope(Vector256<float> x)
        {
            Vector256<float> cubic = GeluCubic * x * x;
            Vector256<float> s = SigmoidFunction.Value(x * (Vector256.Create(GeluScale) + cubic));
            return s + (x * s * (Vector256<float>.One - s) * (Vector256.Create(GeluScale) + (3 * cubic)));
        }

        public static float Slope(float x)
        {
            float cubic = GeluCubic * x * x;
            float s = SigmoidFunction.Value(x * (GeluScale + cubic));
            return s + (x * s * (1 - s) * (GeluScale + (3 * cubic)));
        }
    }
}
