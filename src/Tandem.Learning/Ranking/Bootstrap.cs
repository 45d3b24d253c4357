using Tandem.Numerics;

namespace Tandem.Learning.Ranking;

/// <summary>Percentile bootstrap: draws the users again with replacement, many times, and looks how much a figure
/// moves.</summary>
internal static class Bootstrap
{
    private const double Tail = 0.025;

    /// <summary>How often each user was drawn in one resample; resample n is the same for all figures and
    /// models.</summary>
    public static void Draw(ulong seed, int resample, Span<int> drawCounts)
    {
        SeededRandom random = new(seed, (ulong)resample + 1);
        drawCounts.Clear();
        for (int draw = 0; draw < drawCounts.Length; draw++)
        {
            drawCounts[random.NextInt(drawCounts.Length)]++;
        }
    }

    /// <summary>Evaluates statistics on every resample.</summary>
    /// <param name="userCount">Users to draw from.</param>
    /// <param name="statisticCount">Number of statistics.</param>
    /// <param name="options">Resamples, seed, threads.</param>
    /// <param name="compute">Computes all statistics from how often each user was drawn.</param>
    /// <param name="cancellationToken">Stops between resamples.</param>
    /// <returns>Per statistic, its values over the resamples.</returns>
    public static double[][] Resample(
        int userCount, int statisticCount, EvaluationOptions options, Func<IResampleStatistics> compute,
        CancellationToken cancellationToken)
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
            () => (Counts: new int[userCount], Row: new double[statisticCount], Statistics: compute()),
            (scratch, _, start, end) =>
            {
                for (int resample = start; resample < end; resample++)
                {
                    Draw(options.Seed, resample, scratch.Counts);
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

    /// <summary>The middle 95 % of resampled values: linear between order statistics.</summary>
    public static double[] Interval(double[] resampled)
    {
        double[] sorted = [.. resampled];
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
