using Tandem.Learning.Logistic;

namespace Tandem.Learning.Tests;

public sealed class RowEvaluationTests
{
    private static readonly EvaluationOptions Options = new() { BootstrapSamples = 200 };

    [Fact]
    public void Measure_OfAKnownCase_EqualsTheFormulas()
    {
        // Probabilities 0.5, 0.5 and 0.8 of a positive; the last two rows are positives.
        float fourToOne = (float)Math.Log(4);

        RowScores scores = Binary([0, 0, fourToOne], [0, 1, 1]);

        double loss = (Math.Log(2) + Math.Log(2) - Math.Log(0.8)) / 3;
        double entropy = -(2 / 3.0 * Math.Log(2 / 3.0)) - (1 / 3.0 * Math.Log(1 / 3.0));
        Assert.Equal(loss, RowEvaluation.Measure(scores, "log_loss"), 1e-7);
        Assert.Equal(loss / entropy, RowEvaluation.Measure(scores, "normalised_entropy"), 1e-7);
        Assert.Equal(0.75, RowEvaluation.Measure(scores, "roc_auc"), 1e-12);
    }

    [Fact]
    public void Measure_OfExtremeScores_StaysFinite() => Assert.Equal(
        1000 / 3.0, RowEvaluation.Measure(Binary([1000, -1000, 1000], [1, 0, 0]), "log_loss"), 1e-9);

    [Fact]
    public void Measure_OfAlwaysTheShare_HasAnEntropyOfOne()
    {
        float share = (float)Math.Log(0.25 / 0.75);

        Assert.Equal(
            1, RowEvaluation.Measure(Binary([share, share, share, share], [0, 0, 1, 0]), "normalised_entropy"), 1e-6);
    }

    [Fact]
    public void Compare_OfABetterAndAWorseModel_GivesAnIntervalBelowZero()
    {
        LabelledRows rows = SmallRows.Make(seed: 31, count: 2000);
        int[] users = [.. Enumerable.Range(0, rows.Count).Select(static row => row / 10)];
        RowScores good = RowScores.Of(FitAll(rows), rows) with { Groups = users };
        RowScores flat = good with { Values = new float[rows.Count] };

        MetricComparison comparison = RowEvaluation.Compare(flat, good, "log_loss", Options);

        Assert.Equal(RowEvaluation.Measure(flat, "log_loss"), comparison.Champion, 1e-12);
        Assert.Equal(RowEvaluation.Measure(good, "log_loss"), comparison.Challenger, 1e-12);
        Assert.InRange(comparison.Difference, comparison.Low, comparison.High);
        Assert.True(comparison.High < 0);
        Assert.True(comparison.IsBetter);
        Assert.Equal(comparison, RowEvaluation.Compare(flat, good, "log_loss", Options with { ThreadCount = 1 }));
    }

    [Fact]
    public void JudgeShown_OfScoresAPlace_CountsPairsAsThatOfAModelDoes()
    {
        ShownLists lists = new()
        {
            Users = [0, 0, 3],
            Starts = [0, 4, 6, 8],
            Items = [1, 3, 5, 0, 0, 1, 4, 2],
            Chosen = [false, true, false, true, true, true, false, true],
        };

        Judgement judgement = Evaluation.JudgeShown("rows", [1, 3, 5, 0, 0, 1, 2, 2], lists, Options)!;

        Assert.Equal([0, 3], judgement.Users);
        Assert.Equal([0.5, 0.5], judgement.ValuesOf(Evaluation.ShownAuc).ToArray());
    }

    [Fact]
    public void Importance_OfWhatWasLearned_PutsTheUselessLast()
    {
        LabelledRows rows = SmallRows.Make(seed: 33, count: 4000);
        IRowScorer model = FitAll(rows);

        // The dense columns pull by −1, 0 and 1; the sparse ones belong to one feature.
        IReadOnlyList<FeatureImportance> found = Importance.Measure(
            model, rows, ["a", "b", "c", "d"], [0, 1, 2], [3, 3, 3, 3], new FitContext { ThreadCount = 2 });

        Assert.Equal(["a", "b", "c", "d"], found.Select(static each => each.Name), StringComparer.Ordinal);
        Assert.InRange(found[1].Permutation, -0.002, 0.01);
        Assert.All(found.Where(static each => each.Name != "b"), each => Assert.True(each.Permutation > 0.03));
        Assert.All(found.Where(static each => each.Name != "b"), each => Assert.True(each.Weight > 5 * found[1].Weight));
        Assert.Equal(found, Importance.Measure(
            model, rows, ["a", "b", "c", "d"], [0, 1, 2], [3, 3, 3, 3], new FitContext { ThreadCount = 1 }));
    }

    private static RowScores Binary(float[] logOdds, float[] labels) => new() { Values = logOdds, Labels = labels };

    private static LogisticModel FitAll(LabelledRows rows) => LogisticTrainer.Fit(
        rows, new LogisticOptions(), new FitContext { ThreadCount = 1 }, CancellationToken.None);
}
