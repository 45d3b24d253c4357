#pragma warning disable CA1814 // The oracle is dense algebra: a rectangle is what it means.
using Tandem.Learning.Popularity;

namespace Tandem.Learning.Tests.CoOccurrence;

public sealed class CoOccurrenceModelTests : ItemScorerConformance
{
    protected override string KindName => "co_occurrence";

    [Theory]
    [InlineData(1, 5, 0.5, 1, 10, 0.5, 0.5, 0, 10, 0.8, 0)]
    [InlineData(2, 2, 1, 0.3, 0, 0.25, 0.75, 0.5, 3, 1, 0)]
    [InlineData(3, 1, 0, 0, 100, 1, 0, 1, 1, 0.5, 4)]
    public void ScoreItems_AgreesWithTheObviousSum(
        ulong seed, int reach, double backward, double distanceExponent, double shrinkage, double countExponent,
        double askedExponent, double lengthExponent, int length, double decay, double halfLife)
    {
        Interactions rows = SmallWorld.Make(seed);
        Dictionary<string, double> values = new(StringComparer.Ordinal)
        {
            ["reach"] = reach,
            ["backward_weight"] = backward,
            ["distance_exponent"] = distanceExponent,
            ["count_shrinkage"] = shrinkage,
            ["count_exponent"] = countExponent,
            ["asked_exponent"] = askedExponent,
            ["length_exponent"] = lengthExponent,
            ["history_length"] = length,
            ["recency_decay"] = decay,
            ["half_life_days"] = halfLife,
        };
        double[,] pairs = DensePairs(
            rows, reach, backward, distanceExponent, shrinkage, countExponent, askedExponent, lengthExponent, halfLife);
        float[] shares = ItemShares.CountAsTieBreak(rows);

        IItemScorer model = ModelCatalogue.Default.Find(KindName).Fit(rows, values, new FitContext(), CancellationToken.None);

        for (int user = 0; user < rows.UserCount; user++)
        {
            int[] history = rows.ItemsOf(user).ToArray();
            float[] scores = SmallWorld.Score(model, QueryOf(rows, user));
            for (int item = 0; item < rows.ItemCount; item++)
            {
                double expected = shares[item];
                for (int back = 0; back < Math.Min(length, history.Length); back++)
                {
                    int met = history[history.Length - 1 - back];
                    expected += met == item ? 0 : Math.Pow(decay, back) * pairs[met, item];
                }

                // Sums of some dozen float32 terms of size 1.
                Assert.True(Math.Abs(expected - scores[item]) < 2e-5, $"seed {seed}, user {user}, item {item}");
            }
        }
    }

    private static double[,] DensePairs(
        Interactions rows, int reach, double backward, double distanceExponent, double shrinkage, double countExponent,
        double askedExponent, double lengthExponent, double halfLife)
    {
        double[] counts = new double[rows.ItemCount];
        double[,] pairs = new double[rows.ItemCount, rows.ItemCount];
        for (int user = 0; user < rows.UserCount; user++)
        {
            int[] history = rows.ItemsOf(user).ToArray();
            float[] ages = rows.AgesOf(user).ToArray();
            for (int b = 0; b < history.Length; b++)
            {
                counts[history[b]]++;
                for (int a = Math.Max(0, b - reach); a < b; a++)
                {
                    double weight = halfLife == 0 ? 1 : Math.Pow(2, -ages[b] / halfLife);
                    weight *= Math.Pow(b - a, -distanceExponent) * Math.Pow(history.Length, -lengthExponent);
                    pairs[history[a], history[b]] += weight;
                    pairs[history[b], history[a]] += backward * weight;
                }
            }
        }

        for (int a = 0; a < rows.ItemCount; a++)
        {
            for (int b = 0; b < rows.ItemCount; b++)
            {
                double divisor = Math.Pow(counts[a] + shrinkage, askedExponent) * Math.Pow(counts[b] + shrinkage, countExponent);
                pairs[a, b] = divisor == 0 ? 0 : pairs[a, b] / divisor;
            }
        }

        return pairs;
    }
}
