using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tandem.Numerics;

public static partial class Kernel
{
    /// <summary>Adds up chosen rows of a matrix: y ← Σₖ f[k]·row(chosen[k]).</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="chosen">Rows, each within the matrix.</param>
    /// <param name="factors">Factor of each, length as <paramref name="chosen"/>.</param>
    /// <param name="y">Receives the sum, length as a row; zeros where nothing is chosen.</param>
    /// <exception cref="ArgumentException">A row lies outside the matrix, or a length does not fit.</exception>
    /// <remarks>Registers of y stay loaded while all rows go by. Allocates nothing.</remarks>
    public static void SumRows(
        Matrix matrix, ReadOnlySpan<int> chosen, ReadOnlySpan<float> factors, Span<float> y)
    {
        ThrowUnlessEqual(chosen.Length, factors.Length);
        ThrowUnlessEqual(matrix.ColumnCount, y.Length);
        if (chosen.ContainsAnyExceptInRange(0, matrix.RowCount - 1))
        {
            throw new ArgumentException($"A row lies outside 0 to {matrix.RowCount - 1}.", nameof(chosen));
        }

        ref float values = ref MemoryMarshal.GetArrayDataReference(matrix.Values);
        ref float target = ref MemoryMarshal.GetReference(y);
        nint stride = matrix.ColumnCount;
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i + 64 <= y.Length; i += 64)
            {
                Sum64(ref Unsafe.Add(ref values, i), stride, chosen, factors, ref Unsafe.Add(ref target, i));
            }

            for (; i + 32 <= y.Length; i += 32)
            {
                Sum32(ref Unsafe.Add(ref values, i), stride, chosen, factors, ref Unsafe.Add(ref target, i));
            }

            for (; i + 16 <= y.Length; i += 16)
            {
                Sum16(ref Unsafe.Add(ref values, i), stride, chosen, factors, ref Unsafe.Add(ref target, i));
            }
        }

        y[i..].Clear();
        for (int k = 0; k < chosen.Length && i < y.Length; k++)
        {
            AddScaled(
                factors[k], ref Unsafe.Add(ref values, (chosen[k] * stride) + i), ref Unsafe.Add(ref target, i),
                (nuint)(y.Length - i));
        }
    }

    private static void Sum64(
        ref float values, nint stride, ReadOnlySpan<int> chosen, ReadOnlySpan<float> factors, ref float y)
    {
        Vector512<float> y0 = default, y1 = default, y2 = default, y3 = default;
        for (int k = 0; k < chosen.Length; k++)
        {
            ref float row = ref Unsafe.Add(ref values, chosen[k] * stride);
            var factor = Vector512.Create(factors[k]);
            y0 = Vector512.FusedMultiplyAdd(factor, Vector512.LoadUnsafe(ref row), y0);
            y1 = Vector512.FusedMultiplyAdd(factor, Vector512.LoadUnsafe(ref row, 16), y1);
            y2 = Vector512.FusedMultiplyAdd(factor, Vector512.LoadUnsafe(ref row, 32), y2);
            y3 = Vector512.FusedMultiplyAdd(factor, Vector512.LoadUnsafe(ref row, 48), y3);
        }

        y0.StoreUnsafe(ref y);
        y1.StoreUnsafe(ref y, 16);
        y2.StoreUnsafe(ref y, 32);
        y3.StoreUnsafe(ref y, 48);
    }

    private static void Sum32(
        ref float values, nint stride, ReadOnlySpan<int> chosen, ReadOnlySpan<float> factors, ref float y)
    {
        Vector512<float> low = default, high = default;
        for (int k = 0; k < chosen.Length; k++)
        {
            ref float row = ref Unsafe.Add(ref values, chosen[k] * stride);
            var factor = Vector512.Create(factors[k]);
            low = Vector512.FusedMultiplyAdd(factor, Vector512.LoadUnsafe(ref row), low);
            high = Vector512.FusedMultiplyAdd(factor, Vector512.LoadUnsafe(ref row, 16), high);
        }

        low.StoreUnsafe(ref y);
        high.StoreUnsafe(ref y, 16);
    }

    private static void Sum16(
        ref float values, nint stride, ReadOnlySpan<int> chosen, ReadOnlySpan<float> factors, ref float y)
    {
        Vector512<float> sum = default;
        for (int k = 0; k < chosen.Length; k++)
        {
            sum = Vector512.FusedMultiplyAdd(
                Vector512.Create(factors[k]), Vector512.LoadUnsafe(ref Unsafe.Add(ref values, chosen[k] * stride)),
                sum);
        }

        sum.StoreUnsafe(ref y);
    }
}
