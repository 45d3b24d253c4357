using System.Globalization;
using Tandem.Faults;
using Tandem.Numerics;
using Tandem.Testing;

namespace Tandem.Learning.Tests.Rows;

public sealed class RowMetricsTests
{
    private static readonly EvaluationOptions NoResamples = new() { BootstrapSamples = 0 };

    public static TheoryData<RowTargetKind> Targets => [.. Enum.GetValues<RowTargetKind>()];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Measure_OfAnyMetric_EqualsTheBruteForceTwin(RowTargetKind target)
    {
        for (ulong seed = 0; seed < 12; seed++)
        {
            RowScores scores = Random(target, seed);
            foreach (RowMetric metric in RowEvaluation.Metrics.Where(each => each.Targets.Contains(target)))
            {
                string name = metric.Name + (metric.TakesCutoff ? metric.Name == "recall_at_precision" ? "@60" : "@7" : "");

                double expected = RowBruteForce.Measure(name, scores);
                double found = RowEvaluation.Measure(scores, name);

                Assert.True(
                    Math.Abs(expected - found) <= 1e-9 * Math.Max(1, Math.Abs(expected)),
                    $"{name}, seed {seed}: {found} instead of {expected}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Run_WithAnyThreads_GivesTheSameFiguresWithIntervalsAroundThem(RowTargetKind target)
    {
        RowScores scores = Random(target, 40, count: 300);
        EvaluationOptions options = new() { Metrics = RowEvaluation.MetricsOf(target), BootstrapSamples = 100, ThreadCount = 1 };

        ModelEvaluation one = RowEvaluation.Run("one", scores, options);
        ModelEvaluation two = RowEvaluation.Run("one", scores, options with { ThreadCount = 3 });

        Assert.Equal(options.Metrics, one.Metrics.Keys, StringComparer.Ordinal);
        foreach (string metric in options.Metrics)
        {
            Assert.Equal(RowEvaluation.Measure(scores, metric), one.Metrics[metric]);
            Assert.Equal(one.Intervals[metric], two.Intervals[metric]);
            double width = one.Intervals[metric][1] - one.Intervals[metric][0];
            Assert.InRange(width, 1e-6, 1e3);

            // The resampled figures of calibration error lie above that of the rows: noise adds to it.
            Assert.InRange(one.Metrics[metric], one.Intervals[metric][0] - width, one.Intervals[metric][1] + width);
        }
    }

    [SharedDataFact]
    public void Measure_OfThePublishedProbabilities_EqualsScikitLearn()
    {
        RowScores scores = Published();

        // The scores are float32 log-odds: seven digits.
        Assert.Equal(0.13095628852964333, RowEvaluation.Measure(scores, "brier"), 1e-7);
        Assert.Equal(0.41942230455787977, RowEvaluation.Measure(scores, "log_loss"), 1e-7);
        Assert.Equal(0.7623181216931216, RowEvaluation.Measure(scores, "roc_auc"), 1e-12);
        Assert.Equal(0.3698123837028323, RowEvaluation.Measure(scores, "pr_auc"), 1e-12);
        Assert.Equal(0.11591462999999998, RowEvaluation.Measure(scores, "ece"), 1e-7);
    }

    [Fact]
    public void Reliability_OfRareRows_HasAsManyInEachBin()
    {
        SeededRandom random = new(seed: 8);
        double[] probabilities = [.. Enumerable.Range(0, 1003).Select(_ => 0.04 * random.NextDouble())];
        RowScores scores = new()
        {
            Values = [.. probabilities.Select(static p => (float)Math.Log(p / (1 - p)))],
            Labels = [.. probabilities.Select(p => random.NextDouble() < p ? 1f : 0f)],
        };

        IReadOnlyList<ReliabilityBin> bins = RowEvaluation.Reliability(scores);

        Assert.Equal(10, bins.Count);
        Assert.Equal(1003, bins.Sum(static bin => bin.Rows));
        Assert.Equal(scores.Labels.Sum(), bins.Sum(static bin => bin.Observed * bin.Rows), 1e-9);
        Assert.All(bins, static bin =>
        {
            Assert.InRange(bin.Rows, 100, 101);
            Assert.InRange(bin.Predicted, bin.Low, bin.High);
            Assert.InRange(bin.Observed, bin.ObservedLow, bin.ObservedHigh);
        });
        Assert.All(bins.Zip(bins.Skip(1)), static pair => Assert.Equal(pair.First.High, pair.Second.Low));
    }

    /// <summary>Six of ten rows have one probability: a line between them would be chance.</summary>
    [Fact]
    public void Reliability_KeepsRowsOfOneProbabilityTogether()
    {
        RowScores scores = new() { Values = [-2, -1, 0, 0, 0, 0, 0, 0, 1, 2], Labels = [0, 0, 1, 0, 1, 0, 0, 1, 1, 1] };

        IReadOnlyList<ReliabilityBin> bins = RowEvaluation.Reliability(scores, binCount: 5);

        Assert.Equal([2, 6, 2], bins.Select(static bin => bin.Rows));
        Assert.Equal([0, 0.5, 1], bins.Select(static bin => bin.Observed));
        Assert.Equal(0.5, bins[1].High);
    }

    [Fact]
    public void Run_OfRowsOfOneClass_LeavesOutWhatTheyDoNotDefine()
    {
        RowScores scores = new() { Values = [1, 2, 3], Labels = [1, 1, 1] };

        ModelEvaluation found = RowEvaluation.Run(
            "one", scores, new EvaluationOptions { Metrics = ["roc_auc", "log_loss", "normalised_entropy"] });

        Assert.Equal(["log_loss"], found.Metrics.Keys, StringComparer.Ordinal);
        Assert.Equal(["log_loss"], found.Intervals.Keys, StringComparer.Ordinal);
        EvaluationProtocol protocol = RowEvaluation.Describe(scores, "files", "binary", 10, NoResamples);
        Assert.Equal(found.Metrics, EvaluationJson.Read(EvaluationJson.Write(
            new EvaluationResult(protocol, [found]))).Models[0].Metrics);
    }

    [Fact]
    public void Run_WithSlices_MeasuresEachAlone()
    {
        RowScores scores = Random(RowTargetKind.Binary, 41, count: 200);
        IReadOnlyList<RowSlice> slices = RowSlice.ByValue(
            "parity", [.. Enumerable.Range(0, 200).Select(static row => row % 2 == 0 ? "even" : "odd")]);

        ModelEvaluation found = RowEvaluation.Run(
            "one", scores, NoResamples with { Metrics = ["log_loss"] }, slices);

        Assert.Equal(["parity=even", "parity=odd"], found.Slices!.Select(static each => each.Name), StringComparer.Ordinal);
        Assert.Equal(
            RowEvaluation.Measure(scores.Take(slices[1].Rows), "log_loss"), found.Slices![1].Metrics["log_loss"]);
    }

    [Fact]
    public void Run_OfGroups_DrawsWholeGroups()
    {
        // Ten users whose forty rows all say the same: as little as ten rows.
        RowScores rows = new()
        {
            Values = [.. Enumerable.Range(0, 400).Select(static row => row / 40 % 2 == 0 ? 1f : -1f)],
            Labels = [.. Enumerable.Range(0, 400).Select(static row => row / 40 % 3 == 0 ? 1f : 0f)],
            Groups = [.. Enumerable.Range(0, 400).Select(static row => 7 * (row / 40))],
        };
        EvaluationOptions options = new() { Metrics = ["brier"], BootstrapSamples = 300 };

        double[] grouped = RowEvaluation.Run("a", rows, options).Intervals["brier"];
        double[] alone = RowEvaluation.Run("a", rows with { Groups = [] }, options).Intervals["brier"];

        Assert.True(grouped[1] - grouped[0] > 3 * (alone[1] - alone[0]));
    }

    [Fact]
    public void Measure_OfATie_KeepsTheOrderOfTheRowsAndCountsAGroupOfZerosAsLightGbm()
    {
        RowScores scores = new()
        {
            Target = new RowTarget(RowTargetKind.Order),
            Values = [0, 0, 0, 1, 2],
            Labels = [0, 3, 1, 0, 0],
            Groups = [4, 4, 4, 2, 2],
        };

        // Group 4: gains 7 at rank 2 and 1 at rank 3, best 7 + 1/log2(3). Group 2: zeros, 1.
        double first = ((7 / Math.Log2(3)) + 0.5) / (7 + (1 / Math.Log2(3)));
        Assert.Equal((first + 1) / 2, RowEvaluation.Measure(scores, "ndcg@3"), 1e-12);
        Assert.Equal(0.5, RowEvaluation.Measure(scores, "mrr"), 1e-12);
    }

    [Theory]
    [InlineData("recall@10")]
    [InlineData("rmse")]
    [InlineData("roc_auc@3")]
    [InlineData("precision@0")]
    [InlineData("precision@10000")]
    [InlineData("recall_at_precision@101")]
    [InlineData("")]
    public void Find_OfAMetricThatChancesDoNotHave_IsACodedFault(string name) => Assert.Equal(
        "LRN019",
        Assert.Throws<TandemException>(() => RowEvaluation.Find(name, RowTargetKind.Binary)).Fault.Code);

    [Fact]
    public void CompareWithBest_ByALoss_TakesTheLowest()
    {
        RowScores good = Random(RowTargetKind.Binary, 42, count: 500);
        RowScores bad = good with { Values = [.. good.Values.Select(static score => -score)] };

        IReadOnlyList<ModelDifference> found = RowEvaluation.CompareWithBest(
            [("bad", bad), ("good", good)], "log_loss", new EvaluationOptions { BootstrapSamples = 100 });

        Assert.Equal("good", Assert.Single(found).Best);
        Assert.True(found[0].High < 0);
    }

    internal static RowScores Published() => new()
    {
        Values = [.. PublishedLines().Select(static line => (float)LogOdds.Of(line[0]))],
        Labels = [.. PublishedLines().Select(static line => (float)line[1])],
    };

    internal static IEnumerable<double> PublishedProbabilities() => PublishedLines().Select(static line => line[0]);

    private static IEnumerable<double[]> PublishedLines() =>
        File.ReadLines(SharedData.Find("fixtures/calib_p_y_300.csv")).Where(static line => line.Length > 0).Select(
            static line => Array.ConvertAll(
                line.Split(','), static text => double.Parse(text, CultureInfo.InvariantCulture)));

    /// <summary>Scores with ties, labels that follow them a little, whole weights in half of the cases.</summary>
    internal static RowScores Random(RowTargetKind kind, ulong seed, int count = 60)
    {
        SeededRandom random = new(seed);
        RowTarget target = new(kind)
        {
            Classes = kind is RowTargetKind.Multiclass or RowTargetKind.Multilabel ? 3 : 0,
            Quantiles = kind == RowTargetKind.Quantile ? [0.1, 0.5, 0.9] : [],
        };
        float[] values = new float[count * target.OutputCount];
        float[] labels = new float[count * target.LabelCount];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (random.NextInt(9) - 4) / 4f;
        }

        for (int i = 0; i < labels.Length; i++)
        {
            double score = values[i * values.Length / labels.Length];
            labels[i] = kind switch
            {
                RowTargetKind.Binary or RowTargetKind.Multilabel => random.NextDouble() < 1 / (1 + Math.Exp(-2 * score)) ? 1 : 0,
                RowTargetKind.Multiclass or RowTargetKind.Count => random.NextInt(3),
                RowTargetKind.Order => random.NextInt(3) * random.NextInt(2),
                _ => (float)(score + random.NextGaussian()),
            };
        }

        if (kind == RowTargetKind.Quantile)
        {
            for (int row = 0; row < count; row++)
            {
                values.AsSpan(row * 3, 3).Sort();
            }
        }

        bool isOrder = kind == RowTargetKind.Order;
        return new RowScores
        {
            Target = target,
            Values = values,
            Labels = labels,
            Groups = isOrder ? [.. Enumerable.Range(0, count).Select(static row => row / 6)] : [],
            Weights = isOrder || seed % 2 == 0 ? [] : [.. Enumerable.Range(0, count).Select(static row => 1f + (row % 3))],
        };
    }
}
