using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tandem.Numerics;

/// <summary>The inner loop of symmetric sums and of the Cholesky factor: C ← C ± PᵀP on tiles of the upper
/// triangle.</summary>
/// <remarks>Sizes are multiples of <see cref="Block"/>. Accumulators start at zero and meet C once, at the end, so the
/// sign costs nothing in the loop.</remarks>
internal static class RankUpdate
{
    /// <summary>Columns of a tile, and the unit that sizes are padded to.</summary>
    public const int Block = 32;

    private const int TileRows = 4;

    /// <summary>Rows of P at a time: two strips of them fit the first cache.</summary>
    private const int PanelRows = 128;

    /// <summary>Updates rows <paramref name="firstRow"/> to <paramref name="endRow"/> of C, from the diagonal block
    /// rightwards.</summary>
    /// <param name="panel">P, shape (count, size) with row distance <paramref name="panelStride"/>.</param>
    /// <param name="panelStride">Distance between rows of P.</param>
    /// <param name="count">Rows of P.</param>
    /// <param name="target">C, shape (size, size) with row distance <paramref name="targetStride"/>.</param>
    /// <param name="targetStride">Distance between rows of C.</param>
    /// <param name="firstRow">First row, a multiple of <see cref="Block"/>.</param>
    /// <param name="endRow">End, exclusive, a multiple of <see cref="Block"/>.</param>
    /// <param name="size">Columns, a multiple of <see cref="Block"/>.</param>
    /// <param name="sign">1 to add, -1 to subtract.</param>
    public static void Apply(
        ref float panel, int panelStride, int count, ref float target, int targetStride, int firstRow, int endRow,
        int size,
        float sign)
    {
        for (int block = firstRow; block < endRow; block += Block)
        {
            for (int column = block; column < size; column += Block)
            {
                // The strips of P stay in the first cache while the tiles of the block go down along them.
                for (int first = 0; first < count; first += PanelRows)
                {
                    ref float strip = ref Unsafe.Add(ref panel, first * panelStride);
                    int rows = Math.Min(PanelRows, count - first);
                    for (int row = block; row < block + Block; row += TileRows)
                    {
                        ref float tile = ref Unsafe.Add(ref target, (row * targetStride) + column);
                        UpdateTile(
                            ref Unsafe.Add(ref strip, row), ref Unsafe.Add(ref strip, column), panelStride, rows,
                            ref tile,
                            targetStride, sign);
                    }
                }
            }
        }
    }

    private static void UpdateTile(
        ref float left, ref float right, int stride, int count, ref float tile, int tileStride, float sign)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Tile512(ref left, ref right, stride, count, ref tile, tileStride, sign);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Tile256(ref left, ref right, stride, count, ref tile, tileStride, sign);
            Tile256(
                ref left, ref Unsafe.Add(ref right, 16), stride, count, ref Unsafe.Add(ref tile, 16), tileStride, sign);
        }
        else
        {
            TileScalar(ref left, ref right, stride, count, ref tile, tileStride, sign);
        }
    }

    private static void Tile512(
        ref float left, ref float right, int stride, int count, ref float tile, int tileStride, float sign)
    {
        Vector512<float> a0 = default, a1 = default, b0 = default, b1 = default;
        Vector512<float> c0 = default, c1 = default, d0 = default, d1 = default;
        for (int i = 0; i < count; i++)
        {
            var x = Vector512.LoadUnsafe(ref right);
            var y = Vector512.LoadUnsafe(ref right, 16);
            var q = Vector512.Create(left);
            a0 = Vector512.FusedMultiplyAdd(q, x, a0);
            a1 = Vector512.FusedMultiplyAdd(q, y, a1);
            q = Vector512.Create(Unsafe.Add(ref left, 1));
            b0 = Vector512.FusedMultiplyAdd(q, x, b0);
            b1 = Vector512.FusedMultiplyAdd(q, y, b1);
            q = Vector512.Create(Unsafe.Add(ref left, 2));
            c0 = Vector512.FusedMultiplyAdd(q, x, c0);
            c1 = Vector512.FusedMultiplyAdd(q, y, c1);
            q = Vector512.Create(Unsafe.Add(ref left, 3));
            d0 = Vector512.FusedMultiplyAdd(q, x, d0);
            d1 = Vector512.FusedMultiplyAdd(q, y, d1);
            left = ref Unsafe.Add(ref left, stride);
            right = ref Unsafe.Add(ref right, stride);
        }

        Meet(ref tile, a0, a1, sign);
        Meet(ref Unsafe.Add(ref tile, tileStride), b0, b1, sign);
        Meet(ref Unsafe.Add(ref tile, 2 * tileStride), c0, c1, sign);
        Meet(ref Unsafe.Add(ref tile, 3 * tileStride), d0, d1, sign);
    }

    private static void Tile256(
        ref float left, ref float right, int stride, int count, ref float tile, int tileStride, float sign)
    {
        Vector256<float> a0 = default, a1 = default, b0 = default, b1 = default;
        Vector256<float> c0 = default, c1 = default, d0 = default, d1 = default;
        for (int i = 0; i < count; i++)
        {
            var x = Vector256.LoadUnsafe(ref right);
            var y = Vector256.LoadUnsafe(ref right, 8);
            var q = Vector256.Create(left);
            a0 = Vector256.FusedMultiplyAdd(q, x, a0);
            a1 = Vector256.FusedMultiplyAdd(q, y, a1);
            q = Vector256.Create(Unsafe.Add(ref left, 1));
            b0 = Vector256.FusedMultiplyAdd(q, x, b0);
            b1 = Vector256.FusedMultiplyAdd(q, y, b1);
            q = Vector256.Create(Unsafe.Add(ref left, 2));
            c0 = Vector256.FusedMultiplyAdd(q, x, c0);
            c1 = Vector256.FusedMultiplyAdd(q, y, c1);
            q = Vector256.Create(Unsafe.Add(ref left, 3));
            d0 = Vector256.FusedMultiplyAdd(q, x, d0);
            d1 = Vector256.FusedMultiplyAdd(q, y, d1);
            left = ref Unsafe.Add(ref left, stride);
            right = ref Unsafe.Add(ref right, stride);
        }

        Meet(ref tile, a0, a1, sign);
        Meet(ref Unsafe.Add(ref tile, tileStride), b0, b1, sign);
        Meet(ref Unsafe.Add(ref tile, 2 * tileStride), c0, c1, sign);
        Meet(ref Unsafe.Add(ref tile, 3 * tileStride), d0, d1, sign);
    }

    private static void TileScalar(
        ref float left, ref float right, int stride, int count, ref float tile, int tileStride, float sign)
    {
        for (int i = 0; i < count; i++)
        {
            for (int row = 0; row < TileRows; row++)
            {
                float q = sign * Unsafe.Add(ref left, (i * stride) + row);
                for (int column = 0; column < Block; column++)
                {
                    Unsafe.Add(ref tile, (row * tileStride) + column) +=
                        q * Unsafe.Add(ref right, (i * stride) + column);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Meet(ref float target, Vector512<float> low, Vector512<float> high, float sign)
    {
        Vector512.FusedMultiplyAdd(low, Vector512.Create(sign), Vector512.LoadUnsafe(ref target))
            .StoreUnsafe(ref target);
        Vector512.FusedMultiplyAdd(high, Vector512.Create(sign), Vector512.LoadUnsafe(ref target, 16))
            .StoreUnsafe(ref target, 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Meet(ref float target, Vector256<float> low, Vector256<float> high, float sign)
    {
        Vector256.FusedMultiplyAdd(low, Vector256.Create(sign), Vector256.LoadUnsafe(ref target))
            .StoreUnsafe(ref target);
        Vector256.FusedMultiplyAdd(high, Vector256.Create(sign), Vector256.LoadUnsafe(ref target, 8))
            .StoreUnsafe(ref target, 8);
    }
}
