using Tandem.Faults;
using Tandem.Learning.Ease;

namespace Tandem.Learning.Tests.Ease;

public sealed class EaseModelTests : ItemScorerConformance
{
    protected override string KindName => "ease";

    protected override IReadOnlyDictionary<string, double> Parameters =>
        new Dictionary<string, double>(StringComparer.Ordinal) { ["regularisation"] = 5 };

    /// <summary>Each column of the weights is a ridge regression of its item on all others: its gradient is
    /// zero.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Weights_AreTheOptimumOfEachItemsRegression(ulong seed)
    {
        const double Regularisation = 5;
        Interactions rows = SmallWorld.Make(seed);
        double[][] weights = Weights(EaseTrainer.Fit(
            rows, new EaseOptions { Regularisation = Regularisation, Neighbours = 0 }, new FitContext(),
            CancellationToken.None));
        double[][] chosen = [.. Enumerable.Range(0, rows.UserCount).Select(user => Counts(rows, user))];

        for (int item = 0; item < rows.ItemCount; item++)
        {
            double[] errors = [.. chosen.Select(
                row => row[item] - Enumerable.Range(0, row.Length).Sum(other => row[other] * weights[other][item]))];
            for (int other = 0; other < rows.ItemCount; other++)
            {
                double gradient = (Regularisation * weights[other][item])
                    - Enumerable.Range(0, chosen.Length).Sum(user => chosen[user][other] * errors[user]);
                Assert.True(other == item || Math.Abs(gradient) < 1e-3, $"seed {seed}, {other} → {item}: {gradient}");
            }

            Assert.Equal(0, weights[item][item]);
        }
    }

    [Fact]
    public void Fit_BeyondItsMemory_SaysWhatItWouldTake()
    {
        Interactions rows = SmallWorld.From(itemCount: 20_000, [0, 1], [1, 19_999]);

        TandemException fault = Assert.Throws<TandemException>(() => EaseTrainer.Fit(
            rows, new EaseOptions { MemoryMegabytes = 100 }, new FitContext(), CancellationToken.None));

        Assert.Equal("LRN016", fault.Fault.Code);
        Assert.Contains("1,679 MiB", fault.Fault.What, StringComparison.Ordinal);
    }

    /// <summary>Row i: what a history of item i alone gives every item, without the tie-break.</summary>
    private static double[][] Weights(EaseModel model)
    {
        float[] none = SmallWorld.Score(model, new ItemQuery { User = -1 });
        double[][] weights = new double[model.ItemCount][];
        for (int item = 0; item < weights.Length; item++)
        {
            float[] scores = SmallWorld.Score(model, new ItemQuery { User = -1, History = [item] });
            weights[item] = [.. scores.Zip(none, static (score, tie) => (double)score - tie)];
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
