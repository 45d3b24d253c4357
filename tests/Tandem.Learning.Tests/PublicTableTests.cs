using Tandem.Testing;
using Xunit.Abstractions;

namespace Tandem.Learning.Tests;

/// <summary>How well the kinds that read features do on public tables: what docs/click-models.md reports. The floors are below
/// it by more than another processor's rounding moves it.</summary>
public sealed class PublicTableTests(ITestOutputHelper output)
{
    private const int Seeds = 5;

    [SharedDataFact]
    public void Bank_OverFiveSplits_ReachesTheReportedFigures()
    {
        LabelledRows rows = SharedTables.Bank();
        foreach ((string kind, double area) in ((string, double)[])
            [("logistic", 0.785), ("ftrl", 0.785), ("fm", 0.785), ("ffm", 0.785), ("dcn", 0.785)])
        {
            List<RowScores> scores = [];
            for (ulong seed = 1; seed <= Seeds; seed++)
            {
                (LabelledRows train, LabelledRows test) = SharedTables.Split(rows, seed);
                scores.Add(Score(kind, train, test, seed));
            }

            Assert.True(Report($"bank {kind}", scores) > area, kind);
        }
    }

    [SharedDataFact]
    public void Higgs_OnTheGivenTestRows_ReachesTheReportedFigures()
    {
        LabelledRows train = SharedTables.Higgs("binary.train.gz");
        LabelledRows test = SharedTables.Higgs("binary.test.gz");
        foreach ((string kind, double area) in ((string, double)[])
            [("logistic", 0.6), ("ftrl", 0.6), ("fm", 0.6), ("ffm", 0.6), ("dcn", 0.6)])
        {
            RowScores[] scores =
            [
                .. Enumerable.Range(1, Seeds).Select(seed => Score(kind, train, test, (ulong)seed)),
            ];
            Assert.True(Report($"higgs {kind}", scores) > area, kind);
        }
    }

    /// <summary>Writes the mean and deviation of each figure.</summary>
    /// <returns>The mean area under the curve.</returns>
    private double Report(string name, IReadOnlyList<RowScores> scores)
    {
        string[] metrics = ["roc_auc", "pr_auc", "log_loss"];
        double[][] figures = [.. metrics.Select(metric => scores.Select(each => RowEvaluation.Measure(each, metric)).ToArray())];
        output.WriteLine(string.Join("  ", figures.Select((values, i) =>
        {
            double mean = values.Average();
            double deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
            return FormattableString.Invariant($"{metrics[i]} {mean:F4} ± {deviation:F4}");
        }).Prepend(name)));
        return figures[0].Average();
    }

    private static RowScores Score(string kind, LabelledRows train, LabelledRows test, ulong seed)
    {
        RowModelKind found = ModelCatalogue.Default.FindRows(kind);
        if (!found.TakesMissing)
        {
            (train, test) = (SharedTables.Encode(train, train), SharedTables.Encode(test, train));
        }

        IRowScorer model = found.Fit(
            train, new Dictionary<string, double>(StringComparer.Ordinal), new FitContext { Seed = seed, ThreadCount = 1 },
            CancellationToken.None);
        return RowScores.Of(model, test);
    }
}
