using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tandem.Numerics;

public static partial class Kernel
{
    /// <summary>Moves a vector towards another: y[i] ← y[i] + a·(x[i] − y[i]), in float64 and rounded once.</summary>
    /// <param name="a">How far: 0 not at all, 1 all the way; NaN spreads to every element.</param>
    /// <param name="x">Where to, length n.</param>
    /// <param name="y">From where, length n, updated in place; may equal but not partly overlap
    /// <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void MoveTowards(double a, ReadOnlySpan<float> x, Span<float> y)
    {
        ThrowUnlessEqual(x.Length, y.Length);
        ref float to = ref MemoryMarshal.GetReference(x);
        ref float at = ref MemoryMarshal.GetReference(y);
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            for (; i + 8 <= y.Length; i += 8)
            {
                (Vector256<double> low, Vector256<double> high) = Vector256.Widen(Vector256.LoadUnsafe(ref at, (nuint)i));
                (Vector256<double> nearer, Vector256<double> farther) = Vector256.Widen(Vector256.LoadUnsafe(ref to, (nuint)i));
                low += a * (nearer - low);
                high += a * (farther - high);
                Vector256.Narrow(low, high).StoreUnsafe(ref at, (nuint)i);
            }
        }

        for (; i < y.Length; i++)
        {
            double from = y[i];
            y[i] = (float)(from + (a * (x[i] - from)));
        }
    }

    /// <summary>Squared distance: Σ (x[i] − y[i])², in float64.</summary>
    /// <param name="x">Vector of any length.</param>
    /// <param name="y">Vector of the same length.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double SquaredDistance(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        ThrowUnlessEqual(x.Length, y.Length);
        ref float left = ref MemoryMarshal.GetReference(x);
        ref float right = ref MemoryMarshal.GetReference(y);
        double sum = 0;
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<double> first = default, second = default;
            for (; i + 8 <= x.Length; i += 8)
            {
                (Vector256<double> a, Vector256<double> b) = Vector256.Widen(Vector256.LoadUnsafe(ref left, (nuint)i));
                (Vector256<double> c, Vector256<double> d) = Vector256.Widen(Vector256.LoadUnsafe(ref right, (nuint)i));
                first += (a - c) * (a - c);
                second += (b - d) * (b - d);
            }

            sum = Vector256.Sum(first + second);
        }

        for (; i < x.Length; i++)
        {
            double apart = (double)x[i] - y[i];
            sum += apart * apart;
        }

        return sum;
    }

    /// <summary>True where no number is infinite or NaN.</summary>
    /// <param name="x">Vector of any length.</param>
    public static bool AllFinite(ReadOnlySpan<float> x)
    {
        ref float at = ref MemoryMarshal.GetReference(x);
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            for (; i + 8 <= x.Length; i += 8)
            {
                if (!Vector256.LessThanAll(
                    Vector256.Abs(Vector256.LoadUnsafe(ref at, (nuint)i)), Vector256.Create(float.PositiveInfinity)))
                {
                    return false;
                }
            }
        }

        for (; i < x.Length; i++)
        {
            if (!float.IsFinite(x[i]))
            {
                return false;
            }
        }

        return true;
    }
}
