using Tandem.Faults;
using Tandem.Numerics;

namespace Tandem.Learning.Imbalance;

/// <summary>Drops negatives that lie among positives.</summary>
internal static class Cleaning
{
    /// <summary>Setting: how many of a negative's nearest rows may be positives.</summary>
    public const string MostPositives = "most_positives";

    /// <summary>Drops the negative of each pair of a positive and a negative that are each other's nearest row.</summary>
    /// <remarks>I. Tomek, Two modifications of CNN, 1976.</remarks>
    public static TrainingRows TomekLinks(ImbalanceWork work)
    {
        Matrix space = NeighbourSpace.Of(work, Enumerable.Range(0, work.Rows.Count).ToArray());
        int[] ofPositives = Nearest(work.Positives);
        (int Positive, int Negative)[] pairs =
        [
            .. work.Positives.Zip(ofPositives).Where(pair => work.Rows.Labels[pair.Second] == 0),
        ];
        int[] ofNegatives = Nearest(Array.ConvertAll(pairs, static pair => pair.Negative));
        HashSet<int> dropped =
        [
            .. pairs.Where((pair, i) => ofNegatives[i] == pair.Positive).Select(static pair => pair.Negative),
        ];
        return Without(work, dropped);

        int[] Nearest(int[] of) =>
            NearestRows.Find(space, of, 1, work.Context.ThreadCount, work.CancellationToken);
    }

    /// <summary>Drops negatives with too many positives among their nearest rows.</summary>
    /// <remarks>D. L. Wilson, Asymptotic properties of nearest neighbor rules using edited data, 1972; with no positive
    /// allowed it is the stricter form of imbalanced-learn. O(negatives · rows · width).</remarks>
    public static TrainingRows EditedNeighbours(ImbalanceWork work)
    {
        int[] around = BorderlineSmote.Around(
            work, work.Negatives, work.Values.Whole(ImbalanceMethods.Neighbours));
        int width = around.Length / work.Negatives.Length;
        int most = work.Values.Whole(MostPositives);
        HashSet<int> dropped = [];
        for (int i = 0; i < work.Negatives.Length; i++)
        {
            int positives = 0;
            foreach (int row in around.AsSpan(i * width, width))
            {
                positives += work.Rows.Labels[row] > 0 ? 1 : 0;
            }

            if (positives > most)
            {
                dropped.Add(work.Negatives[i]);
            }
        }

        return Without(work, dropped);
    }

    private static TrainingRows Without(ImbalanceWork work, HashSet<int> dropped) =>
        dropped.Count == work.Negatives.Length
            ? throw new TandemException(LearningErrors.NothingLeft(work.Method, work.Negatives.Length))
            : TrainingRows.Made(
                work.Rows,
                work.Rows.Take([.. Enumerable.Range(0, work.Rows.Count).Where(row => !dropped.Contains(row))]));
}
