using Tandem.Faults;
using Tandem.Numerics;

namespace Tandem.Learning.Imbalance;

/// <summary>Positives made up between neighbouring ones.</summary>
/// <remarks>N. V. Chawla, K. W. Bowyer, L. O. Hall and W. P. Kegelmeyer, SMOTE: synthetic minority over-sampling technique,
/// 2002. O(positives² · width).</remarks>
internal static class Smote
{
    public static TrainingRows Make(ImbalanceWork work)
    {
        int missing = work.MissingPositives();
        if (missing == 0)
        {
            return work.Rows;
        }

        int width = work.Values.Whole(ImbalanceMethods.Neighbours);
        int[] neighbours = Neighbours(work, width);
        SeededRandom random = work.Random();
        int[] draws = Draw(missing, neighbours.Length, ref random);
        return From(work, work.Positives, neighbours, width, draws, Steps(missing, ref random));
    }

    /// <summary>For each positive the numbers of the nearest others, shape (positives, width).</summary>
    /// <exception cref="TandemException">LRN053: there are too few.</exception>
    public static int[] Neighbours(ImbalanceWork work, int width)
    {
        int[] positives = work.Positives;
        if (positives.Length <= width)
        {
            throw new TandemException(LearningErrors.TooFewPositives(work.Method, positives.Length, width));
        }

        int[] places = NearestRows.Find(
            NeighbourSpace.Of(work, positives), Enumerable.Range(0, positives.Length).ToArray(), width,
            work.Context.ThreadCount, work.CancellationToken);
        return Array.ConvertAll(places, place => positives[place]);
    }

    /// <summary>Makes positives up.</summary>
    /// <param name="work">The rows.</param>
    /// <param name="bases">Rows to begin from.</param>
    /// <param name="neighbours">Rows to lie towards, shape (bases, width).</param>
    /// <param name="width">Neighbours of a row.</param>
    /// <param name="draws">For each new row a place in <paramref name="neighbours"/>.</param>
    /// <param name="steps">How far each lies towards it, as long.</param>
    public static TrainingRows From(
        ImbalanceWork work, int[] bases, int[] neighbours, int width, int[] draws, double[] steps)
    {
        LabelledRows rows = work.Rows;
        Dictionary<int, int[]> voted = [];
        for (int i = 0; i < bases.Length && work.Categories.Count > 0; i++)
        {
            voted[bases[i]] = SyntheticRows.Commonest(work.Categories, bases[i], neighbours.AsSpan(i * width, width));
        }

        return TrainingRows.Made(rows, SyntheticRows.Append(
            rows, Array.ConvertAll(draws, draw => bases[draw / width]),
            Array.ConvertAll(draws, draw => neighbours[draw]), steps, work.Categories, voted, work.Context,
            work.CancellationToken));
    }

    public static int[] Draw(int count, int bound, ref SeededRandom random)
    {
        int[] draws = new int[count];
        for (int i = 0; i < count; i++)
        {
            draws[i] = random.NextInt(bound);
        }

        return draws;
    }

    public static double[] Steps(int count, ref SeededRandom random)
    {
        double[] steps = new double[count];
        for (int i = 0; i < count; i++)
        {
            steps[i] = random.NextDouble();
        }

        return steps;
    }
}
