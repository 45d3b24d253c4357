namespace Tandem.Numerics.Statistics;

/// <summary>The two-sample Kolmogorov–Smirnov test: are two samples drawn from one distribution?</summary>
public static class KolmogorovSmirnov
{
    /// <summary>Cells of the lattice, n·m, up to which <see cref="PValue"/> counts exactly: some ten
    /// milliseconds.</summary>
    public const long ExactCells = 1_000_000;

    private const int LongestSum = 100_000;

    /// <summary>The greatest vertical distance between the two empirical distribution functions, in [0, 1].</summary>
    /// <param name="first">First sample, ascending, without NaN, not empty.</param>
    /// <param name="second">Second sample, ascending, without NaN, not empty.</param>
    /// <exception cref="ArgumentException">A sample is empty.</exception>
    /// <remarks>O(n + m). Ties are handled exactly.</remarks>
    public static double Distance(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        if (first.IsEmpty || second.IsEmpty)
        {
            throw new ArgumentException("A sample is empty.", first.IsEmpty ? nameof(first) : nameof(second));
        }

        double distance = 0;
        int i = 0;
        int j = 0;
        while (i < first.Length && j < second.Length)
        {
            double x = Math.Min(first[i], second[j]);
            while (i < first.Length && first[i] <= x)
            {
                i++;
            }

            while (j < second.Length && second[j] <= x)
            {
                j++;
            }

            distance = Math.Max(distance, Math.Abs(((double)i / first.Length) - ((double)j / second.Length)));
        }

        return distance;
    }

    /// <summary>Probability of a distance at least this great between two samples of one continuous distribution: exact
    /// where n·m ≤ <see cref="ExactCells"/>, asymptotic above.</summary>
    /// <param name="distance">Distance, in [0, 1].</param>
    /// <param name="firstCount">Size of the first sample, n ≥ 1.</param>
    /// <param name="secondCount">Size of the second sample, m ≥ 1.</param>
    public static double PValue(double distance, long firstCount, long secondCount)
    {
        return (double)firstCount * secondCount <= ExactCells
            ? ExactPValue(distance, (int)firstCount, (int)secondCount)
            : AsymptoticPValue(distance, firstCount, secondCount);
    }

    /// <summary>The exact probability, for small samples.</summary>
    /// <inheritdoc cref="PValue" path="/param"/>
    /// <remarks>Every order of the pooled sample is a lattice path from (0, 0) to (n, m), all equally likely; the
    /// distance is reached where the path leaves the band |i/n − j/m| &lt; D. O(n·m). With ties it is an upper
    /// bound.</remarks>
    public static double ExactPValue(double distance, int firstCount, int secondCount)
    {
        CheckCounts(firstCount, secondCount);

        // In units of 1/(n·m) the distance is a whole number; rounding undoes the division that made it.
        double limit = Math.Round(distance * firstCount * secondCount);
        if (limit <= 0)
        {
            return 1;
        }

        // outside[j]: probability that a random path to (i, j) has left the band. The last step came from (i−1, j) with
        // probability i/(i+j), else from (i, j−1).
        double[] outside = new double[secondCount + 1];
        for (int i = 0; i <= firstCount; i++)
        {
            for (int j = 0; j <= secondCount; j++)
            {
                double gap = Math.Abs(((double)i * secondCount) - ((double)j * firstCount));
                if (gap >= limit)
                {
                    outside[j] = 1;
                }
                else if (i + j > 0)
                {
                    double before = j > 0 ? outside[j - 1] : 0;
                    outside[j] = ((i * outside[j]) + (j * before)) / (i + j);
                }
            }
        }

        return outside[secondCount];
    }

    /// <summary>The probability for large samples, from the one-sample distribution at n·m/(n+m).</summary>
    /// <inheritdoc cref="PValue" path="/param"/>
    /// <remarks>In the tail twice Smirnov's exact one-sided sum; elsewhere Kolmogorov's limit with the correction of
    /// J. Vrbik, <em>Small-sample corrections to Kolmogorov–Smirnov test statistic</em>, 2018.</remarks>
    public static double AsymptoticPValue(double distance, long firstCount, long secondCount)
    {
        CheckCounts(firstCount, secondCount);
        double effective = Math.Round((double)firstCount * secondCount / (firstCount + secondCount));
        if (distance <= 0)
        {
            return 1;
        }

        // Both one-sided distances at once have probability below 2·exp(−8·n·D²): 2e-7 from here on, nil above one
        // half.
        bool isTail = effective * distance * distance >= 2 || distance >= 0.5;
        if (isTail && effective <= LongestSum)
        {
            return Math.Min(1, 2 * OneSided(distance, (int)effective));
        }

        double root = Math.Sqrt(effective);
        double x = root * distance;
        return KolmogorovDistribution.Survival(x + (1 / (6 * root)) + ((x - 1) / (4 * effective)));
    }

    /// <summary>Smirnov's P(D⁺ ≥ d) = d·Σ C(n,j)·(d + j/n)^(j−1)·(1 − d − j/n)^(n−j), over j ≤ n(1 − d).</summary>
    private static double OneSided(double d, int n)
    {
        double sum = 0;
        double logChoose = 0;
        for (int j = 0; j <= n * (1 - d); j++)
        {
            double low = d + ((double)j / n);
            double high = 1 - low;
            if (high > 0)
            {
                sum += Math.Exp(logChoose + ((j - 1) * Math.Log(low)) + ((n - j) * Math.Log(high)));
            }

            logChoose += Math.Log((double)(n - j) / (j + 1));
        }

        return d * sum;
    }

    private static void CheckCounts(long firstCount, long secondCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(firstCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(secondCount);
    }
}
