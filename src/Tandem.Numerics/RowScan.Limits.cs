using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tandem.Numerics;

public static partial class RowScan
{
    /// <summary>Of so many rows one is looked at first.</summary>
    private const int SampledShare = 16;

    private const int MostSets = 32;

    /// <summary>Says from the first rows what score is too low, so that few rows are offered that give way again.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="allowed">One bit a row; empty allows all.</param>
    /// <param name="best">Lists of the queries.</param>
    /// <param name="scratch">Holds the packed queries.</param>
    /// <param name="limits">Receives for each query what a score must be above to be among the best.</param>
    /// <remarks>Rows are dealt to as many sets as are wanted: each set has a row at least as good as the worst of the sets'
    /// best, so that there are as many as are wanted.</remarks>
    private static void Limit(
        Matrix rows, ReadOnlySpan<ulong> allowed, ReadOnlySpan<BestList> best, RowScanScratch scratch, Span<float> limits)
    {
        limits[..best.Length].Fill(float.NegativeInfinity);
        int sets = 1;
        foreach (BestList list in best)
        {
            sets = Math.Max(sets, list.Wanted);
        }

        int sampled = rows.RowCount / SampledShare;
        if (sets > MostSets || sampled < 4 * sets)
        {
            return;
        }

        Span<float> tops = stackalloc float[MostSets * QueriesAtOnce];
        tops.Fill(float.NegativeInfinity);
        int seen = 0;
        for (int row = 0; row < sampled; row += RowScanScratch.Rows)
        {
            int count = Math.Min(RowScanScratch.Rows, sampled - row);
            Multiply(rows, row, count, scratch);
            for (int i = 0; i < count; i++)
            {
                if (IdBits.Has(allowed, row + i))
                {
                    Raise(tops.Slice(seen++ % sets * QueriesAtOnce, QueriesAtOnce), scratch.Tile.AsSpan(i * QueriesAtOnce));
                }
            }
        }

        for (int i = 0; i < best.Length; i++)
        {
            float least = float.PositiveInfinity;
            for (int set = 0; set < sets; set++)
            {
                least = MathF.Min(least, tops[(set * QueriesAtOnce) + i]);
            }

            // A row that scores as much is among them, too. Numbers that overflow set no limit.
            limits[i] = float.IsFinite(least) ? MathF.BitDecrement(least) : float.NegativeInfinity;
        }
    }

    private static void Raise(Span<float> tops, ReadOnlySpan<float> scores)
    {
        ref float top = ref MemoryMarshal.GetReference(tops);
        ref float score = ref MemoryMarshal.GetReference(scores);
        for (int i = 0; i < QueriesAtOnce; i += Vector256<float>.Count)
        {
            Vector256.Max(Vector256.LoadUnsafe(ref top, (nuint)i), Vector256.LoadUnsafe(ref score, (nuint)i))
                .StoreUnsafe(ref top, (nuint)i);
        }
    }
}
