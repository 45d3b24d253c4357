using Tandem.Numerics;

namespace Tandem.Learning.Ranking;

/// <summary>Percentile bootstrap: draws the units – users, groups or rows – again with replacement, many times, and
/// looks how much a figure moves.</summary>
internal static class Bootstrap
{
    private const double Tail = 0.025;

    /// <summary>How often each unit was drawn in one resample; resample n is the same for all figures and
    /// models.</summary>
    /// <param name="seed">Seed.</param>
    /// <param name="resample">Number of the resample.</param>
    /// <param name="drawCounts">Receives how often each unit was drawn.</param>
    /// <param name="strata">Units that are drawn among themselves, as many as there are; empty draws all together.</param>
    public static void Draw(ulong seed, int resample, Span<int> drawCounts, params ReadOnlySpan<int[]> strata)
    {
        SeededRandom random = new(seed, (ulong)resample + 1);
        drawCounts.Clear();
        for (int draw = 0; strata.IsEmpty && draw < drawCounts.Length; draw++)
        {
            drawCounts[random.NextInt(drawCounts.Length)]++;
        }

        foreach (int[] stratum in strata)
        {
            for (int draw = 0; draw < stratum.Length; draw++)
            {
                drawCounts[stratum[random.NextInt(stratum.Length)]]++;
            }
        }
    }

    /// <summary>Evaluates statistics on every resample.</summary>
    /// <param name="unitCount">Units to draw from.</param>
    /// <param name="statisticCount">Number of statistics.</param>
    /// <param name="options">Resamples, seed, threads.</param>
    /// <param name="compute">Computes all statistics from how often each unit was drawn.</param>
    /// <param name="cancellationToken">Stops between resamples.</param>
    /// <param name="strata">Units that are drawn among themselves; none draws all together.</param>
    /// <returns>Per statistic, its values over the resamples.</returns>
    public static double[][] Resample(
        int unitCount, int statisticCount, EvaluationOptions options, Func<IResampleStatistics> compute,
        CancellationToken cancellationToken, params int[][] strata)
    {
        double[][] values = new double[statisticCount][];
        for (int i = 0; i < statisticCount; i++)
        {
            values[i] = new double[options.BootstrapSamples];
        }

        ParallelChunks.Run(
            options.BootstrapSamples,
            chunkSize: 16,
            options.ThreadCount,
            () => (Counts: new int[unitCount], Row: new double[statisticCount], Statistics: compute()),
            (scratch, _, start, end) =>
            {
                for (int resample = start; resample < end; resample++)
                {
                    Draw(options.Seed, resample, scratch.Counts, strata);
                    scratch.Statistics.Compute(scratch.Counts, scratch.Row);
                    for (int i = 0; i < statisticCount; i++)
                    {
                        values[i][resample] = scratch.Row[i];
                    }
                }
            },
            cancellationToken);
        return values;
    }

    /// <summary>Compares a figure of two models on the same resamples.</summary>
    /// <param name="metric">Its name.</param>
    /// <param name="unitCount">Units to draw from.</param>
    /// <param name="options">Resamples, at least 1, seed, threads.</param>
    /// <param name="compute">Computes one figure of the champion, and of the challenger.</param>
    /// <param name="cancellationToken">Stops between resamples.</param>
    /// <param name="strata">Units that are drawn among themselves; none draws all together.</param>
    public static MetricComparison Compare(
        string metric, int unitCount, EvaluationOptions options, Func<PairedDifference> compute,
        CancellationToken cancellationToken, params int[][] strata)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BootstrapSamples, 1, nameof(options));
        int[] once = new int[unitCount];
        Array.Fill(once, 1);
        double[] figures = new double[PairedDifference.Count];
        compute().Compute(once, figures);
        double[][] resampled = Resample(unitCount, figures.Length, options, compute, cancellationToken, strata);
        double[] interval = Interval(resampled[PairedDifference.Difference]);
        return new MetricComparison(
            metric, figures[PairedDifference.Champion], figures[PairedDifference.Challenger],
            figures[PairedDifference.Difference], interval[0], interval[1]);
    }

    /// <summary>The middle 95 % of resampled values: linear between order statistics. Resamples that do not define the
    /// figure (NaN) are left out; where none does, the ends are NaN.</summary>
    public static double[] Interval(double[] resampled)
    {
        double[] sorted = Array.FindAll(resampled, static value => !double.IsNaN(value));
        if (sorted.Length == 0)
        {
            return [double.NaN, double.NaN];
        }

        Array.Sort(sorted);
        return [Quantile(sorted, Tail), Quantile(sorted, 1 - Tail)];
    }

    private static double Quantile(double[] sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
