using Tandem.Learning.Slim;

namespace Tandem.Learning.Tests.Slim;

public sealed class SlimModelTests : ItemScorerConformance
{
    protected override string KindName => "slim";

    /// <summary>The optimum of the elastic net, by its conditions on each weight (Karush, Kuhn and Tucker).</summary>
    [Theory]
    [InlineData(1, 1, 5, true)]
    [InlineData(2, 0, 2, false)]
    [InlineData(3, 2, 1, false)]
    public void Weights_AreTheOptimumOfEachItemsRegression(ulong seed, double l1, double l2, bool nonNegative)
    {
        Interactions rows = SmallWorld.Make(seed);
        double[][] weights = Weights(SlimTrainer.Fit(
            rows,
            new SlimOptions
            {
                Sparsity = l1,
                Regularisation = l2,
                Candidates = 1000,
                NonNegative = nonNegative,
                Sweeps = 10_000,
                Tolerance = 1e-7,
            },
            new FitContext(),
            CancellationToken.None));
        double[][] chosen = [.. Enumerable.Range(0, rows.UserCount).Select(user => Counts(rows, user))];
        int kept = 0;

        for (int item = 0; item < rows.ItemCount; item++)
        {
            double[] errors = [.. chosen.Select(
                row => row[item] - Enumerable.Range(0, row.Length).Sum(other => row[other] * weights[other][item]))];
            for (int other = 0; other < rows.ItemCount; other++)
            {
                // Candidates share a user with the item.
                bool isCandidate = other != item && chosen.Any(row => row[item] > 0 && row[other] > 0);
                double weight = weights[other][item];
                double pull = Enumerable.Range(0, chosen.Length).Sum(user => chosen[user][other] * errors[user]);
                string where = $"seed {seed}, {other} → {item}: weight {weight}, pull {pull}";
                kept += weight == 0 ? 0 : 1;
                if (!isCandidate)
                {
                    Assert.True(weight == 0, where);
                }
                else if (Math.Abs(weight) > 1e-6)
                {
                    Assert.True(Math.Abs(pull - (l2 * weight) - (l1 * Math.Sign(weight))) < 2e-3, where);
                    Assert.True(weight > 0 || !nonNegative, where);
                }
                else
                {
                    Assert.True(pull < l1 + 2e-3 && (nonNegative || pull > -l1 - 2e-3), where);
                }
            }
        }

        Assert.True(kept > rows.ItemCount);
    }

    [Fact]
    public void Fit_WithMoreSparsity_KeepsFewerWeights()
    {
        Interactions rows = SmallWorld.Make(seed: 4);

        int[] counts = [.. new double[] { 0.1, 1, 5, 1000 }.Select(l1 => SlimTrainer.Fit(
            rows, new SlimOptions { Sparsity = l1 }, new FitContext(), CancellationToken.None).PairCount)];

        Assert.Equal(counts.OrderDescending(), counts);
        Assert.Equal(0, counts[^1]);
    }

    [Fact]
    public void Fit_WithFewCandidates_TakesTheOnesOfTheHighestCosine()
    {
        // Item 3 is chosen with 0 twice, with 1 once, and 1 is chosen elsewhere too.
        Interactions rows = SmallWorld.From(itemCount: 4, [0, 3], [0, 3], [1, 3], [1, 2], [2]);

        double[][] weights = Weights(SlimTrainer.Fit(
            rows, new SlimOptions { Sparsity = 0.01, Regularisation = 0.1, Candidates = 1 }, new FitContext(), CancellationToken.None));

        Assert.True(weights[0][3] > 0.5);
        Assert.Equal(0, weights[1][3]);
    }

    /// <summary>Row i: what a history of item i alone gives every item, without the tie-break.</summary>
    private static double[][] Weights(SlimModel model)
    {
        float[] none = SmallWorld.Score(model, new ItemQuery { User = -1 });
        double[][] weights = new double[model.ItemCount][];
        for (int item = 0; item < weights.Length; item++)
        {
            float[] scores = SmallWorld.Score(model, new ItemQuery { User = -1, History = [item] });
            weights[item] = [.. scores.Zip(none, static (score, tie) => score == tie ? 0 : (double)score - tie)];
        }

        return weights;
    }

    private static double[] Counts(Interactions rows, int user)
    {
        double[] counts = new double[rows.ItemCount];
        foreach (int item in rows.ItemsOf(user))
        {
            counts[item]++;
        }

        return counts;
    }
}
