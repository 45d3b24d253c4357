using System.Globalization;

namespace Tandem.Learning.Tests;

/// <summary>The slow, obvious twin of the evaluation: sorts all items for each user, and follows the formulas.</summary>
internal static class BruteForce
{
    public static double Measure(string metric, IItemScorer model, DataSplit split)
    {
        string[] parts = metric.Split('@');
        int k = parts.Length == 1 ? int.MaxValue : int.Parse(parts[1], CultureInfo.InvariantCulture);
        List<double> values = [];
        HashSet<int> recommended = [];
        for (int user = 0; user < split.Test.UserCount; user++)
        {
            HashSet<int> history = [.. split.Train.ItemsOf(user).ToArray()];
            HashSet<int> right = [.. split.Test.ItemsOf(user).ToArray().Except(history)];
            if (right.Count == 0)
            {
                continue;
            }

            float[] scores = SmallWorld.Score(model, new ItemQuery { User = user, History = split.Train.ItemsOf(user) });
            List<int> ranking = [.. Enumerable.Range(0, scores.Length).Where(item => !history.Contains(item))
                .OrderByDescending(item => scores[item]).ThenBy(item => item)];
            List<int> list = [.. ranking.Take(k)];
            recommended.UnionWith(list);
            int hits = list.Count(right.Contains);
            values.Add(parts[0] switch
            {
                "recall" => (double)hits / right.Count,
                "hr" => hits > 0 ? 1 : 0,
                "mrr" => 1.0 / (1 + ranking.FindIndex(right.Contains)),
                "ndcg" => list.Select((item, at) => right.Contains(item) ? 1 / Math.Log2(at + 2) : 0).Sum()
                    / Enumerable.Range(0, Math.Min(k, right.Count)).Sum(at => 1 / Math.Log2(at + 2)),
                "novelty" => list.Average(item => -Math.Log2(
                    Math.Max(1.0, split.Train.Items.Count(other => other == item)) / split.Train.Count)),
                "coverage" => 0,
                "popularity_lift" => Lift(split.Train, list, split.Train.ItemsOf(user).ToArray()),
                "popularity_shift" => Shift(split.Train, list, split.Train.ItemsOf(user).ToArray()),
                _ => throw new ArgumentException(metric, nameof(metric)),
            });
        }

        return string.Equals(parts[0], "coverage", StringComparison.Ordinal)
            ? (double)recommended.Count / split.Test.ItemCount
            : values.Average();
    }

    private static double Lift(Interactions train, List<int> list, int[] history)
    {
        double Mean(IReadOnlyList<int> items) => items.Average(item => train.Items.Count(other => other == item));
        return history.Length == 0 ? 0 : (Mean(list) / Mean(history)) - 1;
    }

    /// <summary>Entropy of the mixture less the mean entropy of the parts.</summary>
    private static double Shift(Interactions train, List<int> list, int[] history)
    {
        if (history.Length == 0)
        {
            return 0;
        }

        List<int> order = [.. Enumerable.Range(0, train.ItemCount)
            .OrderByDescending(item => train.Items.Count(other => other == item)).ThenBy(static item => item)];
        int GroupOf(int item)
        {
            double before = train.Items.Count(other => order.IndexOf(other) < order.IndexOf(item));
            return before < 0.2 * train.Count ? 0 : before < 0.8 * train.Count ? 1 : 2;
        }

        double[] Shares(IReadOnlyList<int> items) =>
            [.. Enumerable.Range(0, 3).Select(group => (double)items.Count(item => GroupOf(item) == group) / items.Count)];
        static double Entropy(IEnumerable<double> shares) =>
            -shares.Where(static share => share > 0).Sum(static share => share * Math.Log2(share));
        double[] one = Shares(list);
        double[] other = Shares(history);
        return Entropy(one.Zip(other, static (a, b) => (a + b) / 2)) - ((Entropy(one) + Entropy(other)) / 2);
    }
}
