using Tandem.Faults;
using Tandem.Learning.Tests.Rows;
using Tandem.Numerics;

namespace Tandem.Learning.Tests;

public sealed class DecisionRuleTests
{
    private static readonly EvaluationOptions Options = new() { BootstrapSamples = 200 };

    [Fact]
    public void ByCost_OfAnyCosts_ActsExactlyWhereActingCostsNoMore()
    {
        for (ulong seed = 0; seed < 50; seed++)
        {
            SeededRandom random = new(seed);
            DecisionCosts costs = new(1 + (5 * random.NextDouble()), 1 + (5 * random.NextDouble()))
            {
                TruePositive = random.NextDouble() - 0.5,
                TrueNegative = random.NextDouble() - 0.5,
            };
            var rule = DecisionRule.ByCost(costs);
            for (int percent = 0; percent <= 100; percent++)
            {
                double p = percent / 100.0;
                double act = (p * costs.TruePositive) + ((1 - p) * costs.FalsePositive);
                double pass = (p * costs.FalseNegative) + ((1 - p) * costs.TrueNegative);

                Assert.True(
                    rule.Decide(p) == (act <= pass ? Decision.Act : Decision.Pass) || Math.Abs(act - pass) < 1e-12,
                    $"seed {seed}, p {p}");
            }
        }
    }

    [Fact]
    public void ByObservedCost_OfAnyRows_CostsNoMoreThanAnyThreshold()
    {
        for (ulong seed = 0; seed < 40; seed++)
        {
            RowScores scores = RowMetricsTests.Random(RowTargetKind.Binary, seed);
            SeededRandom random = new(seed);
            DecisionCosts costs = new(random.NextDouble(), random.NextDouble()) { TruePositive = -random.NextDouble() };

            double found = Cost(DecisionRule.ByObservedCost(scores, costs), scores, costs);

            double least = Enumerable.Range(-1, 103).Min(
                percent => Cost(new DecisionRule("threshold", percent / 100.0), scores, costs));
            Assert.True(found <= least + 1e-9, $"seed {seed}: {found} above {least}");
        }
    }

    [Fact]
    public void ByObservedCost_OfCalibratedProbabilities_ComesToThatOfTheCosts()
    {
        SeededRandom random = new(3);
        float[] values = [.. Enumerable.Range(0, 40_000).Select(_ => (float)(1.5 * random.NextGaussian()))];
        RowScores scores = new()
        {
            Values = values,
            Labels = Array.ConvertAll(values, score => random.NextDouble() < LogOdds.ToProbability(score) ? 1f : 0f),
        };
        DecisionCosts costs = new(1, 3);

        // The cost is flat around its least value: a twentieth to either side costs little.
        Assert.InRange(DecisionRule.ByObservedCost(scores, costs).Threshold, 0.2, 0.3);
        Assert.Equal(0.25, DecisionRule.ByCost(costs).Threshold);
    }

    [Fact]
    public void ByCapacity_OfAnyRows_ActsOnAsManyAsMayBe()
    {
        for (ulong seed = 0; seed < 40; seed++)
        {
            RowScores scores = RowMetricsTests.Random(RowTargetKind.Binary, seed) with { Weights = [] };
            double perDay = seed / 2.0;

            var rule = DecisionRule.ByCapacity(scores, days: 3, perDay);

            int Acts(double from) => scores.Values.Count(score => LogOdds.ToProbability(score) >= from);
            Assert.InRange(Acts(rule.Threshold), 0, perDay * 3);
            double[] lower = [.. scores.Values.Select(static score => LogOdds.ToProbability(score))
                .Where(p => p < rule.Threshold)];
            Assert.True(lower.Length == 0 || Acts(lower.Max()) > perDay * 3, $"seed {seed}");
        }
    }

    [Fact]
    public void Decide_WithABand_AbstainsWithinIt()
    {
        DecisionRule rule = new("threshold", 0.5) { AbstainFrom = 0.4, AbstainTo = 0.6 };

        Assert.Equal(
            [Decision.Pass, Decision.Abstain, Decision.Abstain, Decision.Act, Decision.Act],
            new[] { 0.39, 0.4, 0.59, 0.6, 1 }.Select(rule.Decide));
        Assert.Equal(rule, DecisionRule.Read(rule.Write()));
        Assert.Equal(
            "{\"by\":\"threshold\",\"threshold\":0.5,\"abstain_from\":0.4,\"abstain_to\":0.6}",
            System.Text.Encoding.UTF8.GetString(rule.Write()));
        Assert.Equal("LRN071", Assert.Throws<TandemException>(() => DecisionRule.Read("{}"u8)).Fault.Code);
    }

    [Fact]
    public void Judge_OfARule_CountsWhatItCostsBesideAlwaysAndNever()
    {
        RowScores scores = new() { Values = [3, 3, -3, -3, 0], Labels = [1, 0, 0, 1, 1] };
        DecisionRule rule = new("threshold", 0.6) { AbstainFrom = 0.45, AbstainTo = 0.55 };
        DecisionCosts costs = new(2, 5) { TruePositive = -1, Abstain = 0.5 };

        DecisionReport found = Decisions.Judge(
            rule, scores, costs, Options, [new RowSlice("first", [0, 1]), new RowSlice("last", [3, 4])], leastRecall: 0.5);

        Assert.Equal((-1 + 2 + 0 + 5 + 0.5) / 5, found.Cost, 1e-12);
        Assert.Equal((-3 + 4) / 5.0, found.AlwaysCost, 1e-12);
        Assert.Equal(15 / 5.0, found.NeverCost, 1e-12);
        Assert.Equal((0.4, 0.2, 0.5), (found.ActShare, found.AbstainShare, found.Precision));
        Assert.Equal(1 / 3.0, found.Recall, 1e-12);
        Assert.InRange(found.Cost, found.Low, found.High);
        Assert.Equal(1, found.Slices["first"].Recall);
        Assert.Equal(["last"], found.BelowFloor);
        DecisionReport again = Decisions.Judge(rule, scores, costs, Options with { ThreadCount = 1 });
        Assert.Equal((found.Low, found.High, found.SavingLow, found.SavingHigh), (again.Low, again.High, again.SavingLow, again.SavingHigh));
    }

    [Fact]
    public void Expected_OfProbabilities_EstimatesMetricsWithoutLabels()
    {
        double[] p = [0.9, 0.8, 0.7, 0.6, 0.4, 0.3, 0.2, 0.1, 0.55, 0.05];

        var scores = RowScores.Expected([.. p.Select(static each => (float)LogOdds.Of(each))]);

        // Weights are float32: seven digits. Figures: NannyML's formulas, by hand.
        Assert.Equal(0.75, RowEvaluation.Measure(scores, "accuracy"), 1e-7);
        Assert.Equal(0.71, RowEvaluation.Measure(scores, "precision"), 1e-7);
        Assert.Equal(0.7717391304347827, RowEvaluation.Measure(scores, "recall"), 1e-7);
        Assert.Equal(0.7395833333333334, RowEvaluation.Measure(scores, "f1"), 1e-7);
        Assert.Equal(0.8240740740740742, RowEvaluation.Measure(scores, "roc_auc"), 1e-7);
    }

    [Fact]
    public void Expected_OfCalibratedProbabilities_ComesToWhatHappens()
    {
        SeededRandom random = new(4);
        float[] values = [.. Enumerable.Range(0, 20_000).Select(_ => (float)(1.5 * random.NextGaussian()))];
        RowScores happened = new()
        {
            Values = values,
            Labels = Array.ConvertAll(values, score => random.NextDouble() < LogOdds.ToProbability(score) ? 1f : 0f),
        };

        var expected = RowScores.Expected(values);

        // Three standard errors of 20,000 rows.
        foreach (string metric in (string[])["accuracy", "f1", "roc_auc", "log_loss", "brier"])
        {
            Assert.Equal(RowEvaluation.Measure(happened, metric), RowEvaluation.Measure(expected, metric), 0.012);
        }
    }

    private static double Cost(DecisionRule rule, RowScores scores, DecisionCosts costs) =>
        Enumerable.Range(0, scores.Count).Sum(row =>
            (scores.Weights.Length == 0 ? 1 : scores.Weights[row])
            * costs.Of(rule.Decide(LogOdds.ToProbability(scores.Values[row])), scores.Labels[row] > 0));
}
