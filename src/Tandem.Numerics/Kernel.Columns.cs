using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tandem.Numerics;

public static partial class Kernel
{
    /// <summary>Adds up the columns of two matrices multiplied element by element: s[c] ← s[c] + Σᵣ x[r, c]·y[r, c].</summary>
    /// <param name="x">First matrix, row-major, rows of the length of <paramref name="sums"/>.</param>
    /// <param name="y">Second matrix, as long.</param>
    /// <param name="sums">s, updated in place.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <remarks>Rows are added in order. Allocates nothing.</remarks>
    public static void AddColumnProducts(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> sums)
    {
        ThrowUnlessEqual(x.Length, y.Length);
        ThrowUnlessRows(x.Length, sums.Length);
        ref float left = ref MemoryMarshal.GetReference(x);
        ref float right = ref MemoryMarshal.GetReference(y);
        ref float target = ref MemoryMarshal.GetReference(sums);
        nuint width = (nuint)sums.Length;
        nuint end = (nuint)x.Length;
        nuint c = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; c + 16 <= width; c += 16)
            {
                var sum = Vector512.LoadUnsafe(ref target, c);
                for (nuint i = c; i < end; i += width)
                {
                    sum = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref left, i), Vector512.LoadUnsafe(ref right, i), sum);
                }

                sum.StoreUnsafe(ref target, c);
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (; c + 8 <= width; c += 8)
            {
                var sum = Vector256.LoadUnsafe(ref target, c);
                for (nuint i = c; i < end; i += width)
                {
                    sum = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref left, i), Vector256.LoadUnsafe(ref right, i), sum);
                }

                sum.StoreUnsafe(ref target, c);
            }
        }

        for (int column = (int)c; column < sums.Length; column++)
        {
            for (int i = column; i < x.Length; i += sums.Length)
            {
                sums[column] = MathF.FusedMultiplyAdd(x[i], y[i], sums[column]);
            }
        }
    }

    /// <summary>Adds up the columns of a matrix: s[c] ← s[c] + Σᵣ x[r, c].</summary>
    /// <param name="x">The matrix, row-major, rows of the length of <paramref name="sums"/>.</param>
    /// <param name="sums">s, updated in place.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <remarks>Rows are added in order. Allocates nothing.</remarks>
    public static void AddColumns(ReadOnlySpan<float> x, Span<float> sums)
    {
        ThrowUnlessRows(x.Length, sums.Length);
        for (int start = 0; start < x.Length; start += sums.Length)
        {
            AddScaled(1, x.Slice(start, sums.Length), sums);
        }
    }

    /// <summary>Scales and moves each column: y[r, c] ← a[c]·x[r, c] + b[c].</summary>
    /// <param name="a">Factor of each column.</param>
    /// <param name="x">The matrix, row-major.</param>
    /// <param name="b">What is added to each column, length as <paramref name="a"/>.</param>
    /// <param name="y">Receives the result, as long as <paramref name="x"/>; may be <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <remarks>Allocates nothing.</remarks>
    public static void ScaleAndShiftColumns(
        ReadOnlySpan<float> a, ReadOnlySpan<float> x, ReadOnlySpan<float> b, Span<float> y)
    {
        ThrowUnlessEqual(x.Length, y.Length);
        ThrowUnlessEqual(a.Length, b.Length);
        ThrowUnlessRows(x.Length, a.Length);
        ref float factors = ref MemoryMarshal.GetReference(a);
        ref float shifts = ref MemoryMarshal.GetReference(b);
        ref float source = ref MemoryMarshal.GetReference(x);
        ref float target = ref MemoryMarshal.GetReference(y);
        nuint width = (nuint)a.Length;
        nuint end = (nuint)x.Length;
        nuint c = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; c + 16 <= width; c += 16)
            {
                var factor = Vector512.LoadUnsafe(ref factors, c);
                var shift = Vector512.LoadUnsafe(ref shifts, c);
                for (nuint i = c; i < end; i += width)
                {
                    Vector512.FusedMultiplyAdd(factor, Vector512.LoadUnsafe(ref source, i), shift).StoreUnsafe(ref target, i);
                }
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (; c + 8 <= width; c += 8)
            {
                var factor = Vector256.LoadUnsafe(ref factors, c);
                var shift = Vector256.LoadUnsafe(ref shifts, c);
                for (nuint i = c; i < end; i += width)
                {
                    Vector256.FusedMultiplyAdd(factor, Vector256.LoadUnsafe(ref source, i), shift).StoreUnsafe(ref target, i);
                }
            }
        }

        for (int column = (int)c; column < a.Length; column++)
        {
            for (int i = column; i < x.Length; i += a.Length)
            {
                y[i] = MathF.FusedMultiplyAdd(a[column], x[i], b[column]);
            }
        }
    }

    private static void ThrowUnlessRows(int length, int width)
    {
        if (width == 0 ? length != 0 : length % width != 0)
        {
            throw new ArgumentException($"{length} values are no whole rows of {width}.", nameof(length));
        }
    }
}
