using System.Numerics;

namespace Tandem.Features.Evaluation;

/// <summary>Counts different texts in 4 KiB: HyperLogLog (Flajolet and others, 2007) with the estimator of Ertl (2017),
/// which needs no correction for small counts. Standard error 1.04/√4096 = 1.6 %.</summary>
/// <remarks>A register keeps the largest value it ever saw, so the order of texts changes nothing, nor does seeing one
/// again.</remarks>
internal static class DistinctSketch
{
    /// <summary>Number of registers.</summary>
    public const int Size = 1 << Bits;

    private const int Bits = 12;
    private const int LongestRun = 64 - Bits + 1;

    /// <summary>Counts a text in.</summary>
    public static void Add(Span<byte> registers, ReadOnlySpan<byte> utf8)
    {
        ulong hash = Spread(TextHash.Of(utf8));
        int register = (int)(hash >> (64 - Bits));
        byte run = (byte)(BitOperations.LeadingZeroCount((hash << Bits) | (1UL << (Bits - 1))) + 1);
        registers[register] = Math.Max(registers[register], run);
    }

    /// <summary>Takes in what another sketch saw.</summary>
    public static void Merge(Span<byte> registers, ReadOnlySpan<byte> other)
    {
        for (int i = 0; i < Size; i++)
        {
            registers[i] = Math.Max(registers[i], other[i]);
        }
    }

    /// <summary>Estimates how many different texts were counted in.</summary>
    public static double Estimate(ReadOnlySpan<byte> registers)
    {
        Span<int> runs = stackalloc int[LongestRun + 1];
        runs.Clear();
        foreach (byte run in registers)
        {
            runs[run]++;
        }

        double z = Size * Tau(1 - ((double)runs[LongestRun] / Size));
        for (int run = LongestRun - 1; run >= 1; run--)
        {
            z = 0.5 * (z + runs[run]);
        }

        z += Size * Sigma((double)runs[0] / Size);
        return Math.Round(Size * (Size / (2 * Math.Log(2))) / z);
    }

    /// <summary>Lets every bit of a hash depend on every other (the finaliser of MurmurHash3).</summary>
    private static ulong Spread(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCDUL;
        hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53UL;
        return hash ^ (hash >> 33);
    }

    private static double Sigma(double x)
    {
        if (x >= 1)
        {
            return double.PositiveInfinity;
        }

        double y = 1;
        double z = x;
        for (double before = double.NaN; z != before; y += y)
        {
            x *= x;
            before = z;
            z += x * y;
        }

        return z;
    }

    private static double Tau(double x)
    {
        if (x is <= 0 or >= 1)
        {
            return 0;
        }

        double y = 1;
        double z = 1 - x;
        for (double before = double.NaN; z != before;)
        {
            x = Math.Sqrt(x);
            before = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        }

        return z / 3;
    }
}
