using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Tandem.Numerics.Native;

namespace Tandem.Numerics;

/// <summary>Scores the rows of a matrix against queries and keeps the best.</summary>
public static partial class RowScan
{
    /// <summary>Queries that are answered together.</summary>
    public const int QueriesAtOnce = PackedProduct.StripColumns;

    private const int RowsAtOnce = 256;

    /// <summary>Rows that are fetched before they are read.</summary>
    private const int Ahead = 8;

    /// <summary>Offers the inner products of some rows with a query.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="first">First row.</param>
    /// <param name="end">Row after the last.</param>
    /// <param name="query">The query.</param>
    /// <param name="filter">Which rows may be found.</param>
    /// <param name="best">Receives scores and ids.</param>
    /// <remarks>Each product is what <see cref="Matrix.Multiply"/> gives, to the last bit. Allocates nothing.</remarks>
    public static void Scan(
        Matrix rows, int first, int end, ReadOnlySpan<float> query, in RowFilter filter, BestList best)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(best);
        Span<float> scores = stackalloc float[RowsAtOnce];
        for (int row = first; row < end; row += RowsAtOnce)
        {
            Span<float> some = scores[..Math.Min(RowsAtOnce, end - row)];
            rows.MultiplyRows(row, query, some);
            Offer(some, row, in filter, best);
        }
    }

    /// <summary>Offers the inner products of some rows, wherever they lie.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="query">The query.</param>
    /// <param name="some">Which rows; they may all be found.</param>
    /// <param name="filter">Tells their ids.</param>
    /// <param name="best">Receives scores and ids.</param>
    /// <remarks>Fetches rows before it reads them; the same products as <see cref="Scan"/>.</remarks>
    public static void ScanSome(
        Matrix rows, ReadOnlySpan<float> query, ReadOnlySpan<int> some, in RowFilter filter, BestList best)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(best);
        Span<float> score = stackalloc float[1];
        for (int i = 0; i < some.Length; i++)
        {
            if (i + Ahead < some.Length)
            {
                Prefetch.Lines(MemoryMarshal.AsBytes(rows.Row(some[i + Ahead])));
            }

            rows.MultiplyRows(some[i], query, score);
            best.Add(score[0], filter.IdOf(some[i]));
        }
    }

    /// <summary>Offers the inner products of all rows with up to 32 queries, reading the rows once.</summary>
    /// <param name="rows">The rows; a row's number is its id.</param>
    /// <param name="queries">The queries, one a row.</param>
    /// <param name="firstQuery">First query.</param>
    /// <param name="allowed">One bit a row; empty allows all.</param>
    /// <param name="best">Receives scores and row numbers, one list a query.</param>
    /// <param name="scratch">Reusable work space, made for as many columns.</param>
    /// <remarks>The products are those of a matrix product: they may differ from <see cref="Scan"/>'s in the last
    /// bits.</remarks>
    public static void ScanMany(
        Matrix rows, Matrix queries, int firstQuery, ReadOnlySpan<ulong> allowed, ReadOnlySpan<BestList> best,
        RowScanScratch scratch)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(scratch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(best.Length, QueriesAtOnce, nameof(best));
        int columns = rows.ColumnCount;
        PackedProduct.PackTransposed(
            queries.Values.AsSpan(firstQuery * columns), columns, columns, best.Length, scratch.Packed);
        Span<float> limits = stackalloc float[QueriesAtOnce];
        limits.Fill(float.PositiveInfinity);
        Limit(rows, allowed, best, scratch, limits);
        for (int i = 0; i < best.Length; i++)
        {
            limits[i] = MathF.Max(best[i].Threshold, limits[i]);
        }

        for (int row = 0; row < rows.RowCount; row += RowScanScratch.Rows)
        {
            int count = Math.Min(RowScanScratch.Rows, rows.RowCount - row);
            Multiply(rows, row, count, scratch);
            for (int i = 0; i < count; i++)
            {
                if (IdBits.Has(allowed, row + i))
                {
                    OfferRow(scratch.Tile.AsSpan(i * QueriesAtOnce, QueriesAtOnce), row + i, limits, best);
                }
            }
        }
    }

    /// <summary>Scores some rows against the packed queries.</summary>
    private static void Multiply(Matrix rows, int first, int count, RowScanScratch scratch)
    {
        int columns = rows.ColumnCount;
        PackedProduct.Multiply(
            rows.Values.AsSpan(first * columns, count * columns), columns, scratch.Packed, scratch.Tile, QueriesAtOnce,
            new ProductShape(count, columns, QueriesAtOnce), adds: false);
    }

    private static void OfferRow(ReadOnlySpan<float> scores, int row, Span<float> limits, ReadOnlySpan<BestList> best)
    {
        for (uint beyond = Beyond(scores, limits); beyond != 0; beyond &= beyond - 1)
        {
            int i = BitOperations.TrailingZeroCount(beyond);
            best[i].Add(scores[i], row);

            // Most numbers leave the limit as it is, and a write would hold up the vectors that read it next.
            if (best[i].Threshold > limits[i])
            {
                limits[i] = best[i].Threshold;
            }
        }
    }

    /// <summary>One bit for each of 32 scores that is above its limit.</summary>
    private static uint Beyond(ReadOnlySpan<float> scores, ReadOnlySpan<float> limits)
    {
        ref float score = ref MemoryMarshal.GetReference(scores);
        ref float limit = ref MemoryMarshal.GetReference(limits);
        uint beyond = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (int i = 0; i < QueriesAtOnce; i += 16)
            {
                beyond |= (uint)Vector512.GreaterThan(
                    Vector512.LoadUnsafe(ref score, (nuint)i), Vector512.LoadUnsafe(ref limit, (nuint)i))
                    .ExtractMostSignificantBits() << i;
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (int i = 0; i < QueriesAtOnce; i += 8)
            {
                beyond |= Vector256.GreaterThan(
                    Vector256.LoadUnsafe(ref score, (nuint)i), Vector256.LoadUnsafe(ref limit, (nuint)i))
                    .ExtractMostSignificantBits() << i;
            }
        }
        else
        {
            for (int i = 0; i < QueriesAtOnce; i++)
            {
                beyond |= (scores[i] > limits[i] ? 1u : 0) << i;
            }
        }

        return beyond;
    }

    /// <remarks>A score that equals the worst kept gets in by a lower id, which comes later where rows are not in the order of
    /// ids.</remarks>
    private static void Offer(ReadOnlySpan<float> scores, int first, in RowFilter filter, BestList best)
    {
        ref float at = ref MemoryMarshal.GetReference(scores);
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i + 16 <= scores.Length; i += 16)
            {
                if (Vector512.GreaterThanOrEqualAny(
                    Vector512.LoadUnsafe(ref at, (nuint)i), Vector512.Create(best.Threshold)))
                {
                    OfferEach(scores.Slice(i, 16), first + i, in filter, best);
                }
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            for (; i + 8 <= scores.Length; i += 8)
            {
                if (Vector256.GreaterThanOrEqualAny(
                    Vector256.LoadUnsafe(ref at, (nuint)i), Vector256.Create(best.Threshold)))
                {
                    OfferEach(scores.Slice(i, 8), first + i, in filter, best);
                }
            }
        }

        OfferEach(scores[i..], first + i, in filter, best);
    }

    private static void OfferEach(ReadOnlySpan<float> scores, int first, in RowFilter filter, BestList best)
    {
        for (int i = 0; i < scores.Length; i++)
        {
            if (scores[i] >= best.Threshold && filter.Has(first + i))
            {
                best.Add(scores[i], filter.IdOf(first + i));
            }
        }
    }
}
