using Tandem.Faults;
using Tandem.Numerics;

namespace Tandem.Learning.Imbalance;

/// <summary>SMOTE that makes more rows of the positives with more negatives around them.</summary>
/// <remarks>H. He, Y. Bai, E. A. Garcia and S. Li, ADASYN: adaptive synthetic sampling approach for imbalanced learning, 2008.
/// Each count is rounded by itself, so that a few more or fewer are made than asked for.</remarks>
internal static class Adasyn
{
    public static TrainingRows Make(ImbalanceWork work)
    {
        int missing = work.MissingPositives();
        if (missing == 0)
        {
            return work.Rows;
        }

        int width = work.Values.Whole(ImbalanceMethods.Neighbours);
        int[] neighbours = Smote.Neighbours(work, width);
        int[] counts = Counts(work, width, missing);
        SeededRandom random = work.Random();
        int total = counts.Sum();
        return From(work, neighbours, width, counts, Smote.Draw(total, width, ref random), Smote.Steps(total, ref random));
    }

    /// <summary>How many rows are made of each positive: in proportion to the negatives among its nearest rows.</summary>
    public static int[] Counts(ImbalanceWork work, int width, int missing)
    {
        int[] around = BorderlineSmote.Around(work, work.Positives, width);
        int length = around.Length / work.Positives.Length;
        long all = 0;
        int[] negatives = new int[work.Positives.Length];
        for (int i = 0; i < around.Length; i++)
        {
            int isNegative = work.Rows.Labels[around[i]] > 0 ? 0 : 1;
            negatives[i / length] += isNegative;
            all += isNegative;
        }

        int[] counts = Array.ConvertAll(negatives, count => (int)Math.Round((double)count / Math.Max(1, all) * missing));
        return all > 0 && counts.Any(static count => count > 0)
            ? counts
            : throw new TandemException(LearningErrors.NoBorder(
                work.Method, all == 0
                    ? "no positive has a negative among its nearest rows"
                    : "so few rows are missing that no positive has one to make"));
    }

    /// <summary>Makes rows, positive by positive.</summary>
    /// <param name="work">The rows.</param>
    /// <param name="neighbours">Nearest positives, shape (positives, width).</param>
    /// <param name="width">Neighbours of a positive.</param>
    /// <param name="counts">Rows to make of each positive.</param>
    /// <param name="draws">For each of them the neighbour that it lies towards, below <paramref name="width"/>.</param>
    /// <param name="steps">How far, as long.</param>
    public static TrainingRows From(
        ImbalanceWork work, int[] neighbours, int width, int[] counts, int[] draws, double[] steps)
    {
        int[] places = new int[draws.Length];
        int made = 0;
        for (int positive = 0; positive < counts.Length; positive++)
        {
            for (int i = 0; i < counts[positive]; i++, made++)
            {
                places[made] = (positive * width) + draws[made];
            }
        }

        return Smote.From(work, work.Positives, neighbours, width, places, steps);
    }
}
