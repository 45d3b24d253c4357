using Tandem.Faults;
using Tandem.Numerics;

namespace Tandem.Learning.Imbalance;

/// <summary>SMOTE from the positives in danger: those whose nearest rows are at least half, but not all, negatives.</summary>
/// <remarks>H. Han, W.-Y. Wang and B.-H. Mao, Borderline-SMOTE: a new over-sampling method in imbalanced data sets learning,
/// 2005. The second variant counts the nearest negative as one more neighbour, at most half way to which a new row
/// lies.</remarks>
internal static class BorderlineSmote
{
    /// <summary>Setting: nearest rows of both classes.</summary>
    public const string DangerNeighbours = "danger_neighbours";

    /// <summary>Setting: 1 or 2.</summary>
    public const string Variant = "variant";

    public static TrainingRows Make(ImbalanceWork work)
    {
        int missing = work.MissingPositives();
        if (missing == 0)
        {
            return work.Rows;
        }

        int width = work.Values.Whole(ImbalanceMethods.Neighbours);
        int[] neighbours = Smote.Neighbours(work, width);
        int[] danger = InDanger(work, out int[] around, out int aroundWidth);
        if (danger.Length == 0)
        {
            throw new TandemException(LearningErrors.NoBorder(
                work.Method, "no positive has negatives for at least half, and not all, of its nearest rows"));
        }

        int[] bases = Array.ConvertAll(danger, place => work.Positives[place]);
        bool takesNegative = work.Values.Whole(Variant) == 2;
        int all = takesNegative ? width + 1 : width;
        int[] towards = new int[danger.Length * all];
        for (int i = 0; i < danger.Length; i++)
        {
            neighbours.AsSpan(danger[i] * width, width).CopyTo(towards.AsSpan(i * all));
            if (takesNegative)
            {
                ReadOnlySpan<int> nearest = around.AsSpan(danger[i] * aroundWidth, aroundWidth);
                towards[(i * all) + width] = FirstNegative(work.Rows, nearest);
            }
        }

        SeededRandom random = work.Random();
        int[] draws = Smote.Draw(missing, towards.Length, ref random);
        double[] steps = Smote.Steps(missing, ref random);
        for (int i = 0; takesNegative && i < missing; i++)
        {
            steps[i] /= draws[i] % all == width ? 2 : 1;
        }

        return Smote.From(work, bases, towards, all, draws, steps);
    }

    /// <summary>Places among the positives of those in danger.</summary>
    internal static int[] InDanger(ImbalanceWork work, out int[] around, out int width)
    {
        int[] nearest = Around(work, work.Positives, work.Values.Whole(DangerNeighbours));
        int length = nearest.Length / work.Positives.Length;
        around = nearest;
        width = length;
        return
        [
            .. Enumerable.Range(0, work.Positives.Length).Where(place =>
            {
                int negatives = 0;
                foreach (int row in nearest.AsSpan(place * length, length))
                {
                    negatives += work.Rows.Labels[row] > 0 ? 0 : 1;
                }

                return 2 * negatives >= length && negatives < length;
            }),
        ];
    }

    /// <summary>The nearest rows of both classes to some rows, shape (rows, width); all others where there are fewer.</summary>
    internal static int[] Around(ImbalanceWork work, int[] of, int width) => NearestRows.Find(
        NeighbourSpace.Of(work, Enumerable.Range(0, work.Rows.Count).ToArray()), of,
        Math.Min(width, work.Rows.Count - 1), work.Context.ThreadCount, work.CancellationToken);

    private static int FirstNegative(LabelledRows rows, ReadOnlySpan<int> nearest)
    {
        foreach (int row in nearest)
        {
            if (rows.Labels[row] == 0)
            {
                return row;
            }
        }

        throw new System.Diagnostics.UnreachableException("A positive in danger has negatives around it.");
    }
}
