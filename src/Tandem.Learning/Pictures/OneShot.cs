using Tandem.Learning.Ranking;
using Tandem.Numerics;

namespace Tandem.Learning.Pictures;

/// <summary>Judges embeddings of pictures by one-shot classification: one picture of each class is known, and others are
/// given the class of the nearest.</summary>
public static class OneShot
{
    /// <summary>The metric: per cent of the questions that are answered wrongly.</summary>
    public const string Metric = "error";

    /// <summary>Name of the task in an evaluation's protocol.</summary>
    public const string Task = "one-shot classification";

    private const int Resamples = 1000;

    /// <summary>What intervals mean.</summary>
    public static string Interval => "95 % percentile bootstrap over runs, 1000 resamples";

    /// <summary>The mean error of runs, each counting the same, with an interval.</summary>
    /// <param name="name">Name of what is judged.</param>
    /// <param name="runs">At least one run.</param>
    /// <param name="seed">Seed of the resamples.</param>
    /// <param name="seconds">Seconds that it took to learn and to encode.</param>
    public static ModelEvaluation Judge(string name, IReadOnlyList<OneShotRun> runs, ulong seed, double seconds)
    {
        ArgumentNullException.ThrowIfNull(runs);
        double[] errors = [.. runs.Select(static run => 100 * run.ErrorRate())];
        int[] counts = new int[errors.Length];
        double[] resampled = new double[Resamples];
        for (int resample = 0; resample < Resamples; resample++)
        {
            Bootstrap.Draw(seed, resample, counts);
            for (int run = 0; run < errors.Length; run++)
            {
                resampled[resample] += counts[run] * errors[run] / errors.Length;
            }
        }

        return new ModelEvaluation(
            name,
            new Dictionary<string, double>(StringComparer.Ordinal) { [Metric] = errors.Average() },
            new Dictionary<string, double[]>(StringComparer.Ordinal) { [Metric] = Bootstrap.Interval(resampled) },
            seconds);
    }

    /// <summary>Draws runs: of up to <paramref name="ways"/> classes two pictures each, one known and one asked
    /// about.</summary>
    /// <param name="embeddings">Embeddings, a row a picture.</param>
    /// <param name="classes">Class of each picture.</param>
    /// <param name="ways">Classes of a run at most, ≥ 2.</param>
    /// <param name="count">Runs.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <returns>The runs; none where not two classes have two pictures.</returns>
    public static IReadOnlyList<OneShotRun> Draw(
        Matrix embeddings, IReadOnlyList<int> classes, int ways, int count, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        int[][] able =
        [
            .. Enumerable.Range(0, classes.Count).GroupBy(picture => classes[picture]).OrderBy(static group => group.Key)
                .Select(static group => group.ToArray()).Where(static pictures => pictures.Length >= 2),
        ];
        int taken = Math.Min(ways, able.Length);
        List<OneShotRun> runs = [];
        for (int run = 0; run < count && taken >= 2; run++)
        {
            SeededRandom random = new(seed, (ulong)run + 1);
            Matrix known = new(taken, embeddings.ColumnCount);
            Matrix asked = new(taken, embeddings.ColumnCount);
            for (int way = 0; way < taken; way++)
            {
                int pick = way + random.NextInt(able.Length - way);
                (able[way], able[pick]) = (able[pick], able[way]);
                int first = random.NextInt(able[way].Length);
                int second = (first + 1 + random.NextInt(able[way].Length - 1)) % able[way].Length;
                embeddings.Row(able[way][first]).CopyTo(known.Row(way));
                embeddings.Row(able[way][second]).CopyTo(asked.Row(way));
            }

            runs.Add(new OneShotRun(known, asked, [.. Enumerable.Range(0, taken)]));
        }

        return runs;
    }
}
