using Tandem.Faults;
using Tandem.Learning;
using Tandem.Learning.Imbalance;
using Tandem.Numerics;
using Tandem.Spec;
using Tandem.Training.Tables;

namespace Tandem.Training.Tests.Tables;

/// <summary>Intervals around predicted numbers: y = 3x and noise that grows with |x|.</summary>
public sealed class TableIntervalTests
{
    private static readonly SpecVocabulary Words = new()
    {
        Models = [.. ModelCatalogue.Default.RowKinds.Select(static kind => new KnownModel(kind.Name, "", [], ReadsFeatures: true))],
        Operators = [],
        Metrics =
        [
            .. RowEvaluation.Metrics.Select(static metric => new KnownMetric(
                metric.Name, "", metric.TakesCutoff, MetricFamily.Regression)),
        ],
    };

    private static readonly TableEvaluationOptions Plain = new() { Imbalance = [ImbalanceChoice.None] };

    [Theory]
    [InlineData("task: regression", "split_conformal")]
    [InlineData("task: quantile, quantiles: [0.2, 0.8]", "conformalized_quantile_regression")]
    public async Task RunAsync_WithIntervals_HoldsTheShareAskedFor_WhateverTheModel(string task, string method)
    {
        EvaluationResult result = await TableEvaluation.RunAsync(
            Table(2400, task), Spec($"{task}, interval: 0.9", "{by: random, folds: 3}"), ModelCatalogue.Default, Plain);

        // Each of the 2,400 rows judges once, by a margin from 400: three deviations of such a share are 3 %.
        Assert.All(result.Models, each => Assert.InRange(each.Interval!.Coverage, 0.87, 0.93));
        Assert.All(result.Models, each => Assert.Equal((method, 0.9), (each.Interval!.Method, each.Interval.Level)));
        Assert.True(result.Models[1].Interval!.Width < 0.7 * result.Models[0].Interval!.Width);
        Assert.Equal(method == "split_conformal", result.Models[1].Interval!.Before is null);
        if (result.Models[1].Interval!.Before is { } before)
        {
            // Quantiles of 20 % and 80 % hold some 60 %: the margin widens them.
            Assert.InRange(before, 0.45, 0.7);
            Assert.True(result.Models[1].Interval!.Margin > 0);
        }
    }

    /// <summary>The rows that judge are later, and twice as noisy: what their past promised does not hold.</summary>
    [Fact]
    public async Task RunAsync_ByTime_MakesMarginsOfThePast()
    {
        RowTable table = Table(2000, "task: regression");
        float[] labels = [.. table.Labels.Select((y, row) => row < 1600 ? y : y + (3 * (y - (3 * table.Values[row]))))];

        EvaluationResult result = await TableEvaluation.RunAsync(
            table with { Labels = labels }, Spec("task: regression, interval: 0.9", "{by: time, share: 0.2}"),
            ModelCatalogue.Default, Plain);

        Assert.InRange(result.Models[1].Interval!.Coverage, 0.3, 0.7);
        Assert.True(result.Models[1].Interval!.High < 0.9);
    }

    [Fact]
    public async Task RunAsync_WithTooFewRowsForTheShare_IsACodedFault() => Assert.Equal(
        "TRN017",
        (await Assert.ThrowsAsync<TandemException>(() => TableEvaluation.RunAsync(
            Table(200, "task: regression"), Spec("task: regression, interval: 0.99", "random"), ModelCatalogue.Default, Plain)))
            .Fault.Code);

    [Fact]
    public async Task RunAsync_WithoutIntervals_SaysNothingOfThem() => Assert.All(
        (await TableEvaluation.RunAsync(
            Table(200, "task: regression"), Spec("task: regression", "random"), ModelCatalogue.Default, Plain)).Models,
        static each => Assert.Null(each.Interval));

    private static SystemSpec Spec(string objective, string split)
    {
        var file = SpecFile.Parse(
            $"name: t\nobjective: {{{objective}, label: {{event: row, column: y}}}}\n" +
            "sources: {row: {times: false, columns: {y: number}}}\nmodel: {predict: boosted_trees}\n" +
            $"training: {{split: {split}}}\nevaluation: {{bootstrap_samples: 0}}\n",
            "tandem.yaml", Words);
        Assert.Empty(file.Faults);
        return file.Spec!;
    }

    private static RowTable Table(int count, string task)
    {
        SeededRandom random = new(11);
        float[] values = new float[count];
        float[] labels = new float[count];
        for (int row = 0; row < count; row++)
        {
            values[row] = (float)random.NextGaussian();
            labels[row] = (3 * values[row]) + ((0.2f + Math.Abs(values[row])) * (float)random.NextGaussian());
        }

        bool isNumber = task == "task: regression";
        return new RowTable
        {
            Numbers = ["x"],
            Values = values,
            Target = new RowTarget(isNumber ? RowTargetKind.Number : RowTargetKind.Quantile)
            {
                Quantiles = isNumber ? [] : [0.2, 0.8],
            },
            Labels = labels,
        };
    }
}
