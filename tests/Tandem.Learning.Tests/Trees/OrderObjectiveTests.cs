using Tandem.Learning.Trees;
using Tandem.Numerics;

namespace Tandem.Learning.Tests.Trees;

/// <summary>Derivatives of orders against the definitions, pair by pair in float64.</summary>
public sealed class OrderObjectiveTests
{
    private static readonly FitContext OneThread = new() { ThreadCount = 1 };

    /// <summary>LightGBM's lambdas: gain 2^grade − 1, pairs with one of the first places, divided by the distance of the
    /// scores and by the group's sum.</summary>
    [Theory]
    [InlineData(30)]
    [InlineData(3)]
    public void Derive_OfPairs_IsTheDefinition(int truncation)
    {
        LabelledRows rows = Draw(seed: 60);
        float[] scores = Scores(rows.Count, seed: 61);
        OrderObjective objective = new(
            rows, new BoostedTreesOptions { Truncation = truncation, GradeShare = 0 }, goesOn: false);

        (float[] first, float[] second) = Derive(objective, scores);

        (double[] expectedFirst, double[] expectedSecond) = Twin(rows, scores, truncation);

        // Sums of up to 40 terms in float32, divided by 0.01 where scores are equal.
        Assert.All(first.Zip(expectedFirst), static pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        Assert.All(second.Zip(expectedSecond), static pair => Assert.Equal(pair.Second, pair.First, 1e-5));
    }

    /// <summary>The first rounds lower ½·weight·(score + mean − grade)², and a model that goes on has had its own.</summary>
    [Fact]
    public void Derive_InTheFirstRounds_IsOfGrades()
    {
        LabelledRows rows = Draw(seed: 62);
        float[] scores = Scores(rows.Count, seed: 63);
        BoostedTreesOptions options = new() { Trees = 4, GradeShare = 0.5 };
        double mean = rows.Labels.Zip(rows.Weights, static (label, weight) => (double)label * weight).Sum() / rows.Weights.Sum();
        OrderObjective objective = new(rows, options, goesOn: false);

        for (int round = 0; round < 2; round++)
        {
            (float[] first, float[] second) = Derive(objective, scores);

            for (int row = 0; row < rows.Count; row++)
            {
                // Numbers of a few units in float32.
                Assert.Equal(rows.Weights[row] * (scores[row] + mean - rows.Labels[row]), first[row], 1e-5);
                Assert.Equal(rows.Weights[row], second[row]);
            }
        }

        float[] pairs = Derive(new OrderObjective(rows, options with { GradeShare = 0 }, goesOn: false), scores).First;
        Assert.Equal(pairs, Derive(objective, scores).First);
        Assert.Equal(pairs, Derive(new OrderObjective(rows, options, goesOn: true), scores).First);
    }

    private static (float[] First, float[] Second) Derive(OrderObjective objective, float[] scores)
    {
        float[] first = new float[scores.Length];
        float[] second = new float[scores.Length];
        using WorkerTeam team = new(OneThread.ThreadCount);
        objective.Prepare([scores], team);
        objective.Derive(0, [scores], first, second, team);
        return (first, second);
    }

    private static LabelledRows Draw(ulong seed)
    {
        SeededRandom random = new(seed);
        List<int> groups = [];
        for (int group = 0; group < 30; group++)
        {
            groups.AddRange(Enumerable.Repeat(group, 1 + random.NextInt(40)));
        }

        float[] labels = [.. groups.Select(group => group == 3 ? 0f : random.NextInt(5))];
        return TreeRows.From([.. labels], 1, labels, new RowTarget(RowTargetKind.Order)) with
        {
            Groups = [.. groups],
            Weights = [.. groups.Select(_ => 0.5f + (float)random.NextDouble())],
        };
    }

    /// <summary>Some are equal.</summary>
    private static float[] Scores(int count, ulong seed)
    {
        SeededRandom random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => MathF.Round(8 * (float)random.NextGaussian()) / 8)];
    }

    private static (double[] First, double[] Second) Twin(LabelledRows rows, float[] scores, int truncation)
    {
        double[] first = new double[rows.Count];
        double[] second = new double[rows.Count];
        foreach (IGrouping<int, int> group in Enumerable.Range(0, rows.Count).GroupBy(row => rows.Groups[row]))
        {
            int[] order = [.. group.OrderByDescending(row => scores[row]).ThenBy(static row => row)];
            double best = group.Select(Gain).OrderDescending().Take(truncation)
                .Select(static (gain, place) => gain * Discount(place)).Sum();
            bool isSpread = scores[order[0]] != scores[order[^1]];
            double sizes = 0;
            for (int i = 0; i < Math.Min(truncation, order.Length); i++)
            {
                for (int j = i + 1; j < order.Length; j++)
                {
                    if (rows.Labels[order[i]] == rows.Labels[order[j]])
                    {
                        continue;
                    }

                    (int high, int low) = rows.Labels[order[i]] > rows.Labels[order[j]] ? (order[i], order[j]) : (order[j], order[i]);
                    double apart = (double)scores[high] - scores[low];
                    double weight = (Gain(high) - Gain(low)) * (Discount(i) - Discount(j)) / best
                        / (isSpread ? 0.01 + Math.Abs(apart) : 1);
                    double p = 1 / (1 + Math.Exp(apart));
                    first[high] -= weight * p;
                    first[low] += weight * p;
                    second[high] += weight * p * (1 - p);
                    second[low] += weight * p * (1 - p);
                    sizes += 2 * weight * p;
                }
            }

            double factor = sizes > 0 ? Math.Log2(1 + sizes) / sizes : 1;
            foreach (int row in group)
            {
                first[row] *= factor * rows.Weights[row];
                second[row] *= factor * rows.Weights[row];
            }
        }

        return (first, second);

        double Gain(int row) => Math.Pow(2, rows.Labels[row]) - 1;

        static double Discount(int place) => 1 / Math.Log2(place + 2);
    }
}
