using Tandem.Learning.Logistic;
using Tandem.Numerics;

namespace Tandem.Learning.Tests.Logistic;

public sealed class LogisticModelTests : RowScorerConformance
{
    // scikit-learn 1.2.1 in float64: LogisticRegression(C=1/(0.01*200), tol=1e-13, solver='newton-cholesky') on the
    // golden rows.
    private static readonly double[] Weights =
    [
        0.679844601453951, -0.5387665897630034, -0.07196945758535277, -0.5856723206777961, -0.012813865336688237,
        0.17537106050518164, 0.4231151255093018,
    ];

    // The same with sample_weight = 1 + i % 3, and C = 1/(0.01 * sum of the weights).
    private static readonly double[] Weighted =
    [
        0.5947739885814336, -0.616550522455222, -0.08588011116948216, -0.6310535539753288, 0.05745752078323775,
        0.19166875084013288, 0.3819272823519581,
    ];

    protected override string KindName => "logistic";

    [Fact]
    public void Fit_OfGoldenRows_EqualsScikitLearn()
    {
        var model = (LogisticModel)Fit(SmallRows.Golden(), 1, ("regularisation", 0.01), ("tolerance", 1e-9));

        AssertNear(Weights, -0.021299214619366943, model);
        var scores = RowScores.Of(model, SmallRows.Golden());
        Assert.Equal(0.6232558870670435, RowEvaluation.Measure(scores, "log_loss"), 1e-6);
        Assert.Equal(0.7056705670567057, RowEvaluation.Measure(scores, "roc_auc"), 1e-12);
    }

    [Fact]
    public void Fit_OfWeightedRows_EqualsScikitLearn()
    {
        LabelledRows rows = SmallRows.Golden();
        rows = rows with { Weights = [.. Enumerable.Range(0, rows.Count).Select(static i => 1f + (i % 3))] };

        var model = (LogisticModel)Fit(rows, 1, ("regularisation", 0.01), ("tolerance", 1e-9));

        AssertNear(Weighted, -0.04880771029998333, model);
    }

    [Fact]
    public void Gradient_AtAnyPoint_EqualsFiniteDifferences()
    {
        const ulong Seed = 21;
        LabelledRows rows = SmallRows.Make(Seed, count: 60);
        rows = rows with { Weights = [.. Enumerable.Range(0, rows.Count).Select(static i => 0.5f + (i % 4))] };
        LogisticLoss loss = new(rows, regularisation: 0.3, threadCount: 1);
        SeededRandom random = new(Seed);
        double[] point = [.. Enumerable.Range(0, loss.Length).Select(_ => random.NextGaussian())];
        double[] gradient = new double[loss.Length];
        double[] ignored = new double[loss.Length];
        _ = loss.Evaluate(point, gradient, CancellationToken.None);

        for (int i = 0; i < point.Length; i++)
        {
            // Central differences: the error is of the order of step² · third derivative, here below 1e-9.
            const double Step = 1e-5;
            double[] above = [.. point];
            double[] below = [.. point];
            above[i] += Step;
            below[i] -= Step;
            double slope = (loss.Evaluate(above, ignored, CancellationToken.None)
                - loss.Evaluate(below, ignored, CancellationToken.None)) / (2 * Step);
            Assert.True(Math.Abs(slope - gradient[i]) < 1e-8, $"seed {Seed}, element {i}: {slope} {gradient[i]}");
        }
    }

    [Theory]
    [InlineData("regularisation", 1)]
    [InlineData("iterations", 1)]
    [InlineData("tolerance", 0.1)]
    public void Fit_WithAnotherSetting_GivesAnotherModel(string parameter, double value)
    {
        LabelledRows rows = SmallRows.Make(seed: 12);

        Assert.NotEqual(SmallWorld.Save(Fit(rows)), SmallWorld.Save(Fit(rows, 1, (parameter, value))));
    }

    private static void AssertNear(double[] weights, double bias, LogisticModel model)
    {
        double[] found = [.. model.DenseWeights, .. model.SparseWeights, model.Bias];
        double[] expected = [.. weights, bias];
        for (int i = 0; i < expected.Length; i++)
        {
            // A gradient below 1e-9 leaves weights within 1e-7 under this pull; they are kept in float32.
            Assert.Equal(expected[i], found[i], 2e-7);
        }
    }
}
