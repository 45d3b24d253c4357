using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tandem.Numerics;

/// <summary>The inner loop of a matrix product: a tile of 12 × 32 that stays in registers while both sides pass
/// by.</summary>
internal static class ProductTile
{
    public const int Rows = 12;
    public const int Columns = 32;

    /// <summary>Rows of the tile for what is left over.</summary>
    public const int FewRows = 4;

    /// <summary>Rows that the 256-bit tile holds at a time; it has half the registers, of half the width.</summary>
    private const int NarrowRows = 6;
    private const int NarrowColumns = 16;

    /// <summary>Computes C = A·B, or C += A·B.</summary>
    /// <param name="left">First element of A's 12 rows.</param>
    /// <param name="leftStride">Distance between rows of A.</param>
    /// <param name="leftStep">Distance between inner indices of A: 1, or that of its rows where A lies
    /// transposed.</param>
    /// <param name="right">B, shape (depth, 32), row-major without gaps.</param>
    /// <param name="depth">Inner indices.</param>
    /// <param name="target">First element of C's 12 rows.</param>
    /// <param name="targetStride">Distance between rows of C.</param>
    /// <param name="isFirst">True to overwrite C, false to add to it.</param>
    public static void Multiply(
        ref float left, int leftStride, int leftStep, ref float right, int depth, ref float target, int targetStride,
        bool isFirst)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Tile512(ref left, leftStride, leftStep, ref right, depth, ref target, targetStride, isFirst);
            return;
        }

        for (int row = 0; row < Rows; row += NarrowRows)
        {
            ref float rows = ref Unsafe.Add(ref left, row * leftStride);
            for (int column = 0; column < Columns; column += NarrowColumns)
            {
                ref float tile = ref Unsafe.Add(ref target, (row * targetStride) + column);
                ref float strip = ref Unsafe.Add(ref right, column);
                if (Vector256.IsHardwareAccelerated)
                {
                    Tile256(ref rows, leftStride, leftStep, ref strip, depth, ref tile, targetStride, isFirst);
                }
                else
                {
                    TileScalar(ref rows, leftStride, leftStep, ref strip, depth, ref tile, targetStride, isFirst);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Tile512(
        ref float left, nint leftStride, nint leftStep, ref float right, int depth, ref float target,
        nint targetStride, bool isFirst)
    {
        Vector512<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default;
        Vector512<float> d0 = default, d1 = default, e0 = default, e1 = default, f0 = default, f1 = default;
        Vector512<float> g0 = default, g1 = default, h0 = default, h1 = default, i0 = default, i1 = default;
        Vector512<float> j0 = default, j1 = default, k0 = default, k1 = default, l0 = default, l1 = default;

        // Four running references, three rows each: one register for the distance serves them all.
        ref float second = ref Unsafe.Add(ref left, 3 * leftStride);
        ref float third = ref Unsafe.Add(ref left, 6 * leftStride);
        ref float fourth = ref Unsafe.Add(ref left, 9 * leftStride);
        nint twice = 2 * leftStride;
        for (int i = 0; i < depth; i++)
        {
            var x = Vector512.LoadUnsafe(ref right);
            var y = Vector512.LoadUnsafe(ref right, 16);
            Advance(Vector512.Create(left), x, y, ref a0, ref a1);
            Advance(Vector512.Create(Unsafe.Add(ref left, leftStride)), x, y, ref b0, ref b1);
            Advance(Vector512.Create(Unsafe.Add(ref left, twice)), x, y, ref c0, ref c1);
            Advance(Vector512.Create(second), x, y, ref d0, ref d1);
            Advance(Vector512.Create(Unsafe.Add(ref second, leftStride)), x, y, ref e0, ref e1);
            Advance(Vector512.Create(Unsafe.Add(ref second, twice)), x, y, ref f0, ref f1);
            Advance(Vector512.Create(third), x, y, ref g0, ref g1);
            Advance(Vector512.Create(Unsafe.Add(ref third, leftStride)), x, y, ref h0, ref h1);
            Advance(Vector512.Create(Unsafe.Add(ref third, twice)), x, y, ref i0, ref i1);
            Advance(Vector512.Create(fourth), x, y, ref j0, ref j1);
            Advance(Vector512.Create(Unsafe.Add(ref fourth, leftStride)), x, y, ref k0, ref k1);
            Advance(Vector512.Create(Unsafe.Add(ref fourth, twice)), x, y, ref l0, ref l1);
            left = ref Unsafe.Add(ref left, leftStep);
            second = ref Unsafe.Add(ref second, leftStep);
            third = ref Unsafe.Add(ref third, leftStep);
            fourth = ref Unsafe.Add(ref fourth, leftStep);
            right = ref Unsafe.Add(ref right, Columns);
        }

        Store(ref target, a0, a1, isFirst);
        Store(ref Unsafe.Add(ref target, targetStride), b0, b1, isFirst);
        Store(ref Unsafe.Add(ref target, 2 * targetStride), c0, c1, isFirst);
        Store(ref Unsafe.Add(ref target, 3 * targetStride), d0, d1, isFirst);
        Store(ref Unsafe.Add(ref target, 4 * targetStride), e0, e1, isFirst);
        Store(ref Unsafe.Add(ref target, 5 * targetStride), f0, f1, isFirst);
        Store(ref Unsafe.Add(ref target, 6 * targetStride), g0, g1, isFirst);
        Store(ref Unsafe.Add(ref target, 7 * targetStride), h0, h1, isFirst);
        Store(ref Unsafe.Add(ref target, 8 * targetStride), i0, i1, isFirst);
        Store(ref Unsafe.Add(ref target, 9 * targetStride), j0, j1, isFirst);
        Store(ref Unsafe.Add(ref target, 10 * targetStride), k0, k1, isFirst);
        Store(ref Unsafe.Add(ref target, 11 * targetStride), l0, l1, isFirst);
    }

    /// <summary>Four rows of the tile: what is left over below whole tiles.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Four512(
        ref float left, nint leftStride, nint leftStep, ref float right, int depth, ref float target,
        nint targetStride, bool isFirst)
    {
        Vector512<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default;
        Vector512<float> d0 = default, d1 = default;
        ref float fourth = ref Unsafe.Add(ref left, 3 * leftStride);
        nint twice = 2 * leftStride;
        for (int i = 0; i < depth; i++)
        {
            var x = Vector512.LoadUnsafe(ref right);
            var y = Vector512.LoadUnsafe(ref right, 16);
            Advance(Vector512.Create(left), x, y, ref a0, ref a1);
            Advance(Vector512.Create(Unsafe.Add(ref left, leftStride)), x, y, ref b0, ref b1);
            Advance(Vector512.Create(Unsafe.Add(ref left, twice)), x, y, ref c0, ref c1);
            Advance(Vector512.Create(fourth), x, y, ref d0, ref d1);
            left = ref Unsafe.Add(ref left, leftStep);
            fourth = ref Unsafe.Add(ref fourth, leftStep);
            right = ref Unsafe.Add(ref right, Columns);
        }

        Store(ref target, a0, a1, isFirst);
        Store(ref Unsafe.Add(ref target, targetStride), b0, b1, isFirst);
        Store(ref Unsafe.Add(ref target, 2 * targetStride), c0, c1, isFirst);
        Store(ref Unsafe.Add(ref target, 3 * targetStride), d0, d1, isFirst);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Tile256(
        ref float left, nint leftStride, nint leftStep, ref float right, int depth, ref float target,
        nint targetStride, bool isFirst)
    {
        Vector256<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default;
        Vector256<float> d0 = default, d1 = default, e0 = default, e1 = default, f0 = default, f1 = default;
        ref float second = ref Unsafe.Add(ref left, 3 * leftStride);
        nint twice = 2 * leftStride;
        for (int i = 0; i < depth; i++)
        {
            var x = Vector256.LoadUnsafe(ref right);
            var y = Vector256.LoadUnsafe(ref right, 8);
            Advance(Vector256.Create(left), x, y, ref a0, ref a1);
            Advance(Vector256.Create(Unsafe.Add(ref left, leftStride)), x, y, ref b0, ref b1);
            Advance(Vector256.Create(Unsafe.Add(ref left, twice)), x, y, ref c0, ref c1);
            Advance(Vector256.Create(second), x, y, ref d0, ref d1);
            Advance(Vector256.Create(Unsafe.Add(ref second, leftStride)), x, y, ref e0, ref e1);
            Advance(Vector256.Create(Unsafe.Add(ref second, twice)), x, y, ref f0, ref f1);
            left = ref Unsafe.Add(ref left, leftStep);
            second = ref Unsafe.Add(ref second, leftStep);
            right = ref Unsafe.Add(ref right, Columns);
        }

        Store(ref target, a0, a1, isFirst);
        Store(ref Unsafe.Add(ref target, targetStride), b0, b1, isFirst);
        Store(ref Unsafe.Add(ref target, 2 * targetStride), c0, c1, isFirst);
        Store(ref Unsafe.Add(ref target, 3 * targetStride), d0, d1, isFirst);
        Store(ref Unsafe.Add(ref target, 4 * targetStride), e0, e1, isFirst);
        Store(ref Unsafe.Add(ref target, 5 * targetStride), f0, f1, isFirst);
    }

    internal static void TileScalar(
        ref float left, nint leftStride, nint leftStep, ref float right, int depth, ref float target,
        nint targetStride, bool isFirst)
    {
        for (nint row = 0; row < NarrowRows; row++)
        {
            for (nint column = 0; column < NarrowColumns; column++)
            {
                float sum = 0;
                for (nint i = 0; i < depth; i++)
                {
                    sum = MathF.FusedMultiplyAdd(
                        Unsafe.Add(ref left, (row * leftStride) + (i * leftStep)), Unsafe.Add(ref right, (i * Columns) + column),
                        sum);
                }

                ref float place = ref Unsafe.Add(ref target, (row * targetStride) + column);
                place = isFirst ? sum : place + sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Advance(
        Vector512<float> factor, Vector512<float> x, Vector512<float> y, ref Vector512<float> low,
        ref Vector512<float> high)
    {
        low = Vector512.FusedMultiplyAdd(factor, x, low);
        high = Vector512.FusedMultiplyAdd(factor, y, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Advance(
        Vector256<float> factor, Vector256<float> x, Vector256<float> y, ref Vector256<float> low,
        ref Vector256<float> high)
    {
        low = Vector256.FusedMultiplyAdd(factor, x, low);
        high = Vector256.FusedMultiplyAdd(factor, y, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ref float target, Vector512<float> low, Vector512<float> high, bool isFirst)
    {
        if (!isFirst)
        {
            low += Vector512.LoadUnsafe(ref target);
            high += Vector512.LoadUnsafe(ref target, 16);
        }

        low.StoreUnsafe(ref target);
        high.StoreUnsafe(ref target, 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ref float target, Vector256<float> low, Vector256<float> high, bool isFirst)
    {
        if (!isFirst)
        {
            low += Vector256.LoadUnsafe(ref target);
            high += Vector256.LoadUnsafe(ref target, 8);
        }

        low.StoreUnsafe(ref target);
        high.StoreUnsafe(ref target, 8);
    }
}
