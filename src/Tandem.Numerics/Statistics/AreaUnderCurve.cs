using System.Runtime.InteropServices;

namespace Tandem.Numerics.Statistics;

/// <summary>How well one column alone tells two classes apart.</summary>
/// <param name="Value">Probability that a random positive has a higher value than a random negative, ties counting half:
/// 0.5 is chance, 1 and 0 are perfect.</param>
/// <param name="Low">Lower end of its 99 % interval, at least 0.</param>
/// <param name="High">Upper end, at most 1.</param>
/// <param name="Positives">Rows of the class that counts as positive.</param>
/// <param name="Negatives">Rows of the other class.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct AreaUnderCurve(double Value, double Low, double High, int Positives, int Negatives)
{
    private const double Z99 = 2.5758293035489004;

    /// <summary>Measures a column.</summary>
    /// <param name="values">One value a row; NaN ranks lowest.</param>
    /// <param name="isPositive">The class of each row, as long.</param>
    /// <returns>The area, or null where a class has no row.</returns>
    /// <remarks>Mann and Whitney's statistic over the ranks, with the standard error of Hanley and McNeil (1982):
    /// SE² = (A(1 − A) + (p − 1)(A/(2 − A) − A²) + (n − 1)(2A²/(1 + A) − A²)) / (p·n). O(rows log rows).</remarks>
    public static AreaUnderCurve? Of(ReadOnlySpan<float> values, ReadOnlySpan<bool> isPositive)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(isPositive.Length, values.Length, nameof(isPositive));
        int positives = isPositive.Count(true);
        int negatives = values.Length - positives;
        if (positives == 0 || negatives == 0)
        {
            return null;
        }

        float[] keys = values.ToArray();
        bool[] classes = isPositive.ToArray();
        Array.Sort(keys, classes);   // NaN sorts lowest, as equal to itself
        double wins = 0;
        long below = 0;
        for (int start = 0; start < keys.Length;)
        {
            int end = start;
            int tiedPositives = 0;
            for (; end < keys.Length && keys[end].Equals(keys[start]); end++)
            {
                tiedPositives += classes[end] ? 1 : 0;
            }

            int tiedNegatives = end - start - tiedPositives;
            wins += tiedPositives * (below + (0.5 * tiedNegatives));
            below += tiedNegatives;
            start = end;
        }

        double a = wins / ((double)positives * negatives);
        double square = ((a * (1 - a)) + ((positives - 1) * ((a / (2 - a)) - (a * a)))
            + ((negatives - 1) * ((2 * a * a / (1 + a)) - (a * a)))) / ((double)positives * negatives);
        double half = Z99 * Math.Sqrt(Math.Max(0, square));
        return new AreaUnderCurve(a, Math.Max(0, a - half), Math.Min(1, a + half), positives, negatives);
    }
}
