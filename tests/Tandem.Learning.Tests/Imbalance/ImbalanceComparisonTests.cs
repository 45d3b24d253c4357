using Tandem.Learning.Imbalance;
using Tandem.Testing;

namespace Tandem.Learning.Tests.Imbalance;

public sealed class ImbalanceComparisonTests
{
    private static readonly EvaluationOptions Options = new()
    {
        Metrics = ImbalanceComparison.Metrics,
        BootstrapSamples = 200,
    };

    private static readonly RowModelKind Logistic = ModelCatalogue.Default.FindRows("logistic");

    [Fact]
    public void Run_JudgesEveryMethodOnTheSameRowsAsTheyWere()
    {
        LabelledRows rows = RareRows.Make(seed: 21, count: 1200);
        IReadOnlyList<RowFold> folds = RowFolds.Stratified(rows.Labels, 3, seed: 5);

        IReadOnlyList<ImbalanceResult> results = ImbalanceComparison.Run(
            Logistic, RareRows.Named(), rows, folds, ImbalanceComparison.Usual, new FitContext { Seed = 3 }, Options);

        Assert.Equal(
            ["none", "class_weight", "down_sample", "smote"], results.Select(static each => each.Choice.Method),
            StringComparer.Ordinal);
        foreach (ImbalanceResult result in results)
        {
            Assert.Equal(folds.SelectMany(static fold => fold.Test).Select(row => rows.Labels[row]), result.Scores.Labels);
            Assert.Equal(ImbalanceComparison.Metrics, result.Metrics.Select(static each => each.Metric), StringComparer.Ordinal);
            Assert.Equal(results[0].Rates.Scored, result.Rates.Scored);
            Assert.All(result.Metrics, each =>
            {
                Assert.Equal(RowEvaluation.Measure(result.Scores, each.Metric), each.Challenger, 1e-12);
                Assert.Equal(RowEvaluation.Measure(results[0].Scores, each.Metric), each.Champion, 1e-12);
                Assert.InRange(each.Difference, each.Low, each.High);
            });
        }

        Assert.All(results[0].Metrics, static each => Assert.Equal(0, each.Difference));
        Assert.Equal(0.5, results[3].Rates.Fitted, 1e-3);

        // A row's scores come from a model that did not see it: those of the first fold from the other two.
        (IRowScorer scorer, _) = results[2].Choice.Fit(
            Logistic, rows.Take([.. folds[1].Test.Concat(folds[2].Test).Order()]), RareRows.Named(), new FitContext { Seed = 3 });
        Assert.Equal(
            RowScores.Of(scorer, rows.Take(folds[0].Test)).Values, results[2].Scores.Values[..folds[0].Test.Length]);
    }

    [Fact]
    public void Run_WithOneAndTwoThreads_GivesTheSameFigures()
    {
        LabelledRows rows = RareRows.Make(seed: 22, count: 600);

        double[][] one = Run(1);

        Assert.Equal(one, Run(2));

        double[][] Run(int threads) =>
        [
            .. ImbalanceComparison.Run(
                Logistic, RareRows.Named(), rows, RowFolds.Stratified(rows.Labels, 2, seed: 5), ImbalanceComparison.Usual,
                new FitContext { ThreadCount = threads }, Options with { ThreadCount = threads })
                .Select(static result => result.Metrics.SelectMany(
                    static each => new[] { each.Challenger, each.Low, each.High }).ToArray()),
        ];
    }

    // Calls of a bank, 11.3 % of them answered with yes: a tenth of the negatives, shifted back, says probabilities as well
    // as all of them; not shifted back it says four times too many.
    [SharedDataFact]
    public void BankMarketing_DownSampledAndShiftedBack_IsAsWellCalibratedAsAll()
    {
        LabelledRows rows = BankRows.Read();
        ImbalanceChoice down = new("down_sample", RareRows.Named(("kept", 0.1)));

        IReadOnlyList<ImbalanceResult> results = ImbalanceComparison.Run(
            Logistic, RareRows.Named(), rows, RowFolds.Stratified(rows.Labels, 3, seed: 5), [ImbalanceChoice.None, down], new FitContext(),
            Options with { BootstrapSamples = 50 });

        Assert.Equal(41_188, rows.Count);
        ModelEvaluation all = RowEvaluation.Run("all", results[0].Scores, Options with { BootstrapSamples = 50 });
        foreach (string metric in (string[])["brier", "ece"])
        {
            double found = results[1].Metrics.First(each => each.Metric == metric).Challenger;
            Assert.InRange(found, 0, all.Intervals[metric][1]);
        }

        float[] unshifted = [.. results[1].Scores.Values.Select(static score => score - MathF.Log(0.1f))];
        RowScores raw = results[1].Scores with { Values = unshifted };
        Assert.True(RowEvaluation.Measure(raw, "ece") > 5 * RowEvaluation.Measure(results[1].Scores, "ece"));
        Assert.True(RowEvaluation.Measure(raw, "brier") > all.Intervals["brier"][1] + 0.01);
    }
}
