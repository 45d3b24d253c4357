using Tandem.Learning.Imbalance;
using Tandem.Testing;

namespace Tandem.Learning.Tests.Imbalance;

public sealed class BankImbalanceTests
{
    private static readonly EvaluationOptions Options = new() { Metrics = ["brier", "ece"], BootstrapSamples = 400 };

    // Calls of a bank, 11.3 % of them answered with yes: a tenth of the negatives, shifted back, says probabilities as well
    // as all of them; not shifted back it says four times too many.
    [SharedDataFact]
    public void BankMarketing_DownSampledAndShiftedBack_IsAsWellCalibratedAsAll()
    {
        LabelledRows rows = BankRows.Read();
        RowScores all = ScoresOf(ImbalanceChoice.None);
        RowScores tenth = ScoresOf(new ImbalanceChoice("down_sample", RareRows.Named(("kept", 0.1))));
        RowScores unshifted = tenth with { Values = [.. tenth.Values.Select(static score => score - MathF.Log(0.1f))] };

        ModelEvaluation onAll = RowEvaluation.Run("all", all, Options);

        Assert.Equal(41_188, rows.Count);
        Assert.All(Options.Metrics, metric =>
            Assert.InRange(RowEvaluation.Measure(tenth, metric), 0, onAll.Intervals[metric][1]));
        Assert.True(RowEvaluation.Measure(unshifted, "ece") > 5 * RowEvaluation.Measure(tenth, "ece"));
        Assert.True(RowEvaluation.Measure(unshifted, "brier") > onAll.Intervals["brier"][1] + 0.01);

        RowScores ScoresOf(ImbalanceChoice choice) => Calibrator.OutOfFold(
            rows, RowFolds.Stratified(rows.Labels, 3, seed: 5),
            some => choice.Fit(
                ModelCatalogue.Default.FindRows("logistic"), some, RareRows.Named(), new FitContext()).Scorer);
    }
}
