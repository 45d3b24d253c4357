using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tandem.Numerics;

public static partial class Kernel
{
    /// <summary>Least exponent that <see cref="Exp(ReadOnlySpan{float}, Span{float})"/> tells apart: below it, eˣ is a
    /// number that makes no difference.</summary>
    private const float LeastExponent = -87f;

    private const float GreatestExponent = 88f;

    /// <summary>Turns scores into shares in place: x[i] ← exp(f·x[i] − y[i]) / Σⱼ exp(f·x[j] − y[j]).</summary>
    /// <param name="factor">f, finite.</param>
    /// <param name="shift">y, length n; positive infinity leaves an element out.</param>
    /// <param name="x">Scores, length n; negative infinity leaves an element out. Receives the shares.</param>
    /// <returns>The logarithm of the sum, log Σⱼ exp(f·x[j] − y[j]).</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <remarks>The largest exponent is taken away first: nothing overflows. Exponentials have a relative error of some
    /// 10⁻⁷; those below e⁻⁸⁷ of the largest count as that. O(n). Allocates nothing. NaN spreads. Where all are left out,
    /// the shares are NaN.</remarks>
    public static float Softmax(float factor, ReadOnlySpan<float> shift, Span<float> x)
    {
        ThrowUnlessEqual(shift.Length, x.Length);
        if (x.IsEmpty)
        {
            return float.NegativeInfinity;
        }

        ref float at = ref MemoryMarshal.GetReference(x);
        float max = ScaleAndShift(factor, ref MemoryMarshal.GetReference(shift), ref at, (nuint)x.Length);
        float sum = ExpAndSum(max, ref at, (nuint)x.Length);
        Scale(1 / sum, x);
        return max + MathF.Log(sum);
    }

    /// <summary>The exponential of each element: y[i] ← exp(x[i]), held to e⁻⁸⁷ to e⁸⁸.</summary>
    /// <param name="x">Exponents, length n.</param>
    /// <param name="y">Receives the exponentials, length n; may be <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Exp(ReadOnlySpan<float> x, Span<float> y)
    {
        ThrowUnlessEqual(x.Length, y.Length);
        x.CopyTo(y);
        _ = ExpAndSum(0, ref MemoryMarshal.GetReference(y), (nuint)y.Length);
    }

    /// <summary>Replaces every element by the exponential of its distance from a number, x[i] ← exp(x[i] − shift), and
    /// adds the results up.</summary>
    /// <param name="x">Vector of any length; NaN stays NaN.</param>
    /// <param name="shift">Number taken away first, such as the largest element.</param>
    /// <returns>Sum of the new elements; 0 where there are none.</returns>
    /// <remarks>Exponents are held to −87 to 88. O(n). Allocates nothing.</remarks>
    public static float ExpSum(Span<float> x, float shift) =>
        ExpAndSum(shift, ref MemoryMarshal.GetReference(x), (nuint)x.Length);

    /// <summary>x[i] ← f·x[i] − y[i]; gives the largest.</summary>
    private static float ScaleAndShift(float factor, ref float shift, ref float x, nuint n)
    {
        nuint i = 0;
        float max = float.NegativeInfinity;
        if (Vector512.IsHardwareAccelerated && n >= 32)
        {
            var f = Vector512.Create(factor);
            var first = Vector512.Create(float.NegativeInfinity);
            Vector512<float> second = first;
            for (; i + 32 <= n; i += 32)
            {
                var a = Vector512.FusedMultiplyAdd(
                    f, Vector512.LoadUnsafe(ref x, i), -Vector512.LoadUnsafe(ref shift, i));
                var b = Vector512.FusedMultiplyAdd(
                    f, Vector512.LoadUnsafe(ref x, i + 16), -Vector512.LoadUnsafe(ref shift, i + 16));
                a.StoreUnsafe(ref x, i);
                b.StoreUnsafe(ref x, i + 16);
                first = Vector512.Max(first, a);
                second = Vector512.Max(second, b);
            }

            max = MaxOf(Vector512.Max(first, second));
        }
        else if (Vector256.IsHardwareAccelerated && n >= 8)
        {
            var f = Vector256.Create(factor);
            var lanes = Vector256.Create(float.NegativeInfinity);
            for (; i + 8 <= n; i += 8)
            {
                var a = Vector256.FusedMultiplyAdd(
                    f, Vector256.LoadUnsafe(ref x, i), -Vector256.LoadUnsafe(ref shift, i));
                a.StoreUnsafe(ref x, i);
                lanes = Vector256.Max(lanes, a);
            }

            max = MaxOf(Vector512.Create(lanes, lanes));
        }

        for (; i < n; i++)
        {
            ref float element = ref Unsafe.Add(ref x, i);
            element = MathF.FusedMultiplyAdd(factor, element, -Unsafe.Add(ref shift, i));
            max = MathF.Max(max, element);
        }

        return max;
    }

    /// <summary>x[i] ← exp(x[i] − shift); gives the sum.</summary>
    private static float ExpAndSum(float shift, ref float x, nuint n)
    {
        nuint i = 0;
        float sum = 0;
        if (Vector512.IsHardwareAccelerated && n >= 32)
        {
            var by = Vector512.Create(shift);
            Vector512<float> first = default, second = default;
            for (; i + 32 <= n; i += 32)
            {
                Vector512<float> a = Exp(Vector512.LoadUnsafe(ref x, i) - by);
                Vector512<float> b = Exp(Vector512.LoadUnsafe(ref x, i + 16) - by);
                a.StoreUnsafe(ref x, i);
                b.StoreUnsafe(ref x, i + 16);
                first += a;
                second += b;
            }

            sum = Vector512.Sum(first + second);
        }
        else if (Vector256.IsHardwareAccelerated && n >= 8)
        {
            var by = Vector256.Create(shift);
            Vector256<float> lanes = default;
            for (; i + 8 <= n; i += 8)
            {
                Vector256<float> a = Exp(Vector256.LoadUnsafe(ref x, i) - by);
                a.StoreUnsafe(ref x, i);
                lanes += a;
            }

            sum = Vector256.Sum(lanes);
        }

        for (; i < n; i++)
        {
            ref float element = ref Unsafe.Add(ref x, i);
            element = Exp(element - shift);
            sum += element;
        }

        return sum;
    }

    /// <summary>eˣ = 2ᵗ·eʳ with whole t and |r| ≤ ½·ln 2, eʳ by its series; ln 2 in two parts, so that r is exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Exp(Vector512<float> x)
    {
        x = Vector512.Min(Vector512.Max(x, Vector512.Create(LeastExponent)), Vector512.Create(GreatestExponent));

        // The sum with 1.5·2²³ has the nearest whole number in its lowest bits.
        var magic = Vector512.Create(12582912f);
        var shifted = Vector512.FusedMultiplyAdd(x, Vector512.Create(1.44269504f), magic);
        Vector512<float> t = shifted - magic;
        var r = Vector512.FusedMultiplyAdd(t, Vector512.Create(-0.693145752f), x);
        r = Vector512.FusedMultiplyAdd(t, Vector512.Create(-1.42860677e-6f), r);
        var p = Vector512.Create(1.39819994e-3f);
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(8.33345205e-3f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(4.16663960e-2f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.66666672e-1f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.5f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1f));
        return (p.AsInt32() + Vector512.ShiftLeft(shifted.AsInt32(), 23)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Exp(Vector256<float> x)
    {
        x = Vector256.Min(Vector256.Max(x, Vector256.Create(LeastExponent)), Vector256.Create(GreatestExponent));
        var magic = Vector256.Create(12582912f);
        var shifted = Vector256.FusedMultiplyAdd(x, Vector256.Create(1.44269504f), magic);
        Vector256<float> t = shifted - magic;
        var r = Vector256.FusedMultiplyAdd(t, Vector256.Create(-0.693145752f), x);
        r = Vector256.FusedMultiplyAdd(t, Vector256.Create(-1.42860677e-6f), r);
        var p = Vector256.Create(1.39819994e-3f);
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(8.33345205e-3f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(4.16663960e-2f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.66666672e-1f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(0.5f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1f));
        return (p.AsInt32() + Vector256.ShiftLeft(shifted.AsInt32(), 23)).AsSingle();
    }

    private static float Exp(float x) => MathF.Exp(Math.Clamp(x, LeastExponent, GreatestExponent));
}
