using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tandem.Numerics.Codes;

/// <summary>Vectors as codes in blocks of sixteen, laid out as a scan reads them.</summary>
/// <remarks>A block is sixteen float32 scales, then for each group of four dimensions sixteen vectors of four bytes, each a
/// code plus 128. A place without a vector has a scale that is not a number: its score compares with nothing. Sums are of
/// integers, so every instruction set gives the same scores: AVX-VNNI, AVX-512, AVX2, or plain numbers.</remarks>
public static class CodeBlocks
{
    /// <summary>Vectors of a block.</summary>
    public const int Lanes = 16;

    /// <summary>Bytes of a group of four dimensions, and of the scales.</summary>
    internal const int GroupBytes = 4 * Lanes;

    /// <summary>Bytes of a block.</summary>
    /// <param name="dimension">Length of the vectors.</param>
    public static int BytesOf(int dimension) => GroupBytes * (1 + GroupsOf(dimension));

    /// <summary>Empties blocks: every place is without a vector.</summary>
    /// <param name="blocks">Whole blocks.</param>
    /// <param name="dimension">Length of the vectors.</param>
    public static void Clear(Span<byte> blocks, int dimension)
    {
        int size = BytesOf(dimension);
        blocks.Clear();
        for (int start = 0; start < blocks.Length; start += size)
        {
            MemoryMarshal.Cast<byte, float>(blocks.Slice(start, GroupBytes)).Fill(float.NaN);
        }
    }

    /// <summary>Puts a vector in its place.</summary>
    /// <param name="block">The block.</param>
    /// <param name="lane">Place in the block, 0 to 15.</param>
    /// <param name="codes">Codes, one a dimension.</param>
    /// <param name="scale">What one step is worth.</param>
    public static void Put(Span<byte> block, int lane, ReadOnlySpan<sbyte> codes, float scale)
    {
        MemoryMarshal.Cast<byte, float>(block[..GroupBytes])[lane] = scale;
        for (int i = 0; i < codes.Length; i++)
        {
            block[GroupBytes + (i / 4 * GroupBytes) + (lane * 4) + (i % 4)] = (byte)(codes[i] + 128);
        }
    }

    /// <summary>Offers all vectors of some blocks that score above the threshold of the best so far.</summary>
    /// <param name="blocks">All blocks.</param>
    /// <param name="first">First block.</param>
    /// <param name="end">Block after the last.</param>
    /// <param name="query">The query. Scores are in units of its scale.</param>
    /// <param name="best">Receives scores and numbers of rows.</param>
    /// <param name="rows">Row of each place, or empty where the place is the row.</param>
    /// <param name="filter">Which rows may be found.</param>
    /// <remarks>Allocates nothing.</remarks>
    public static void Scan(
        ReadOnlySpan<byte> blocks, int first, int end, CodeQuery query, BestList best, ReadOnlySpan<int> rows,
        in RowFilter filter)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(best);
        ThrowUnlessInside(blocks, first, end, query.Dimension);
        if (AvxVnni.IsSupported)
        {
            Scan<VnniMath>(blocks, first, end, query, best, rows, in filter);
        }
        else if (Avx512BW.IsSupported && Vector512.IsHardwareAccelerated)
        {
            Scan<Avx512Math>(blocks, first, end, query, best, rows, in filter);
        }
        else if (Avx2.IsSupported)
        {
            Scan<Avx2Math>(blocks, first, end, query, best, rows, in filter);
        }
        else
        {
            Scan<ScalarMath>(blocks, first, end, query, best, rows, in filter);
        }
    }

    /// <summary>The same for four queries at a time, which read the blocks once.</summary>
    /// <param name="blocks">All blocks, whose places are the ids.</param>
    /// <param name="first">First block.</param>
    /// <param name="end">Block after the last.</param>
    /// <param name="queries">Four queries.</param>
    /// <param name="best">Receives the scores of each, one list a query.</param>
    /// <param name="allowed">One bit an id; empty allows all.</param>
    public static void ScanFour(
        ReadOnlySpan<byte> blocks, int first, int end, FourQueries queries, ReadOnlySpan<BestList> best,
        ReadOnlySpan<ulong> allowed)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ThrowUnlessInside(blocks, first, end, queries.Dimension);
        if (AvxVnni.IsSupported)
        {
            ScanFour<VnniMath>(blocks, first, end, queries, best, allowed);
        }
        else if (Avx512BW.IsSupported && Vector512.IsHardwareAccelerated)
        {
            ScanFour<Avx512Math>(blocks, first, end, queries, best, allowed);
        }
        else if (Avx2.IsSupported)
        {
            ScanFour<Avx2Math>(blocks, first, end, queries, best, allowed);
        }
        else
        {
            ScanFour<ScalarMath>(blocks, first, end, queries, best, allowed);
        }
    }

    internal static int GroupsOf(int dimension) => (dimension + 3) / 4;

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Scan<TMath>(
        ReadOnlySpan<byte> blocks, int first, int end, CodeQuery query, BestList best, ReadOnlySpan<int> rows,
        in RowFilter filter)
        where TMath : struct, IBlockMath
    {
        int groups = GroupsOf(query.Dimension);
        nint size = BytesOf(query.Dimension);
        ref byte block = ref Unsafe.Add(ref MemoryMarshal.GetReference(blocks), first * size);
        ref readonly int words = ref MemoryMarshal.GetReference(TMath.TakesPairs ? query.Pairs : query.Words);
        int bias = TMath.TakesPairs ? query.PairBias : query.Bias;
        var threshold = Vector256.Create(best.Threshold);
        for (int at = first; at < end; at++, block = ref Unsafe.Add(ref block, size))
        {
            uint mask = rows.IsEmpty && !filter.Changes ? MaskOf(filter.Allowed, at) : uint.MaxValue;
            if (mask == 0)
            {
                continue;
            }

            TMath.One(
                in Unsafe.Add(ref block, GroupBytes), groups, in words, bias, out Vector256<int> low,
                out Vector256<int> high);
            Vector256<float> l = Score(low, ref block, 0);
            Vector256<float> h = Score(high, ref block, 32);
            if (((Vector256.GreaterThan(l, threshold) | Vector256.GreaterThan(h, threshold)).AsInt32()
                != Vector256<int>.Zero))
            {
                Offer(l, h, at, mask, best, rows, in filter);
                threshold = Vector256.Create(best.Threshold);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void ScanFour<TMath>(
        ReadOnlySpan<byte> blocks, int first, int end, FourQueries queries, ReadOnlySpan<BestList> best,
        ReadOnlySpan<ulong> allowed)
        where TMath : struct, IBlockMath
    {
        int groups = GroupsOf(queries.Dimension);
        nint size = BytesOf(queries.Dimension);
        ref byte block = ref Unsafe.Add(ref MemoryMarshal.GetReference(blocks), first * size);
        ref readonly int words = ref MemoryMarshal.GetReference(TMath.TakesPairs ? queries.Pairs : queries.Words);
        Vector128<int> bias = TMath.TakesPairs ? queries.PairBias : queries.Bias;
        Vector128<float> limits = Thresholds(best);
        for (int at = first; at < end; at++, block = ref Unsafe.Add(ref block, size))
        {
            uint mask = MaskOf(allowed, at);
            if (mask == 0)
            {
                continue;
            }

            TMath.Four(
                in Unsafe.Add(ref block, GroupBytes), groups, in words, bias,
                out Vector256<int> a0, out Vector256<int> a1, out Vector256<int> b0, out Vector256<int> b1,
                out Vector256<int> c0, out Vector256<int> c1, out Vector256<int> d0, out Vector256<int> d1);
            Vector256<float> any = Above(a0, a1, ref block, limits[0]) | Above(b0, b1, ref block, limits[1])
                | Above(c0, c1, ref block, limits[2]) | Above(d0, d1, ref block, limits[3]);
            if (any.AsInt32() != Vector256<int>.Zero)
            {
                RowFilter filter = new(allowed);
                Offer(Score(a0, ref block, 0), Score(a1, ref block, 32), at, mask, best[0], [], in filter);
                Offer(Score(b0, ref block, 0), Score(b1, ref block, 32), at, mask, best[1], [], in filter);
                Offer(Score(c0, ref block, 0), Score(c1, ref block, 32), at, mask, best[2], [], in filter);
                Offer(Score(d0, ref block, 0), Score(d1, ref block, 32), at, mask, best[3], [], in filter);
                limits = Thresholds(best);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Score(Vector256<int> sums, ref byte block, nuint offset) =>
        Vector256.ConvertToSingle(sums) * Vector256.LoadUnsafe(ref block, offset).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Above(Vector256<int> low, Vector256<int> high, ref byte block, float limit)
    {
        var threshold = Vector256.Create(limit);
        return Vector256.GreaterThan(Score(low, ref block, 0), threshold)
            | Vector256.GreaterThan(Score(high, ref block, 32), threshold);
    }

    private static Vector128<float> Thresholds(ReadOnlySpan<BestList> best) =>
        Vector128.Create(best[0].Threshold, best[1].Threshold, best[2].Threshold, best[3].Threshold);

    /// <summary>The allowed places of a block whose places are the ids.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint MaskOf(ReadOnlySpan<ulong> allowed, int block)
    {
        if (allowed.IsEmpty)
        {
            return uint.MaxValue;
        }

        int word = block >> 2;
        return word < allowed.Length ? (uint)(allowed[word] >> ((block & 3) * Lanes)) & 0xFFFF : 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Offer(
        Vector256<float> low, Vector256<float> high, int block, uint mask, BestList best, ReadOnlySpan<int> rows,
        in RowFilter filter)
    {
        var threshold = Vector256.Create(best.Threshold);
        uint hits = Vector256.GreaterThan(low, threshold).ExtractMostSignificantBits()
            | (Vector256.GreaterThan(high, threshold).ExtractMostSignificantBits() << 8);
        hits &= mask;
        if (hits == 0)
        {
            return;
        }

        Span<float> scores = stackalloc float[Lanes];
        low.CopyTo(scores);
        high.CopyTo(scores[8..]);
        for (; hits != 0; hits &= hits - 1)
        {
            int lane = BitOperations.TrailingZeroCount(hits);
            int place = (block * Lanes) + lane;
            int row = rows.IsEmpty ? place : rows[place];
            if (filter.Has(row))
            {
                best.Add(scores[lane], row);
            }
        }
    }

    private static void ThrowUnlessInside(ReadOnlySpan<byte> blocks, int first, int end, int dimension)
    {
        if (first < 0 || end < first || (long)end * BytesOf(dimension) > blocks.Length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(end), end, $"There are {blocks.Length / BytesOf(dimension)} blocks.");
        }
    }
}
