using System.Text.Json;
using Tandem.Faults;
using Tandem.Learning;
using Tandem.Monitoring.Skew;
using Tandem.Registry;
using Tandem.Serving;
using Tandem.Training;

namespace Tandem.Workspace.Tests;

/// <summary>Probabilities in a whole system: what becomes of an impression is known to be 0.8 or 0.1.</summary>
public sealed class PredictionTests
{
    [Fact]
    public async Task TrainAsync_OfATaskThatPredicts_ServesProbabilitiesNearTheTruth_WithoutSkew()
    {
        using SmallWorkspace small = Create();
        await using TandemWorkspace workspace = await small.OpenAsync();

        TrainingRun run = await TrainAsync(small, workspace);
        PredictResponse answer = await AskAsync(workspace);
        for (int user = 0; user < 40; user++)
        {
            await workspace.PredictAsync(
                new PredictRequest { UserId = $"u{user}", Items = ["v1", "v2", "v3"], IsShown = true });
        }

        await workspace.CompactAsync();
        DateTimeOffset now = small.Clock.GetUtcNow();
        SkewReport skew = (await workspace.ReportSkewAsync(now.AddHours(-1), now.AddHours(1)))!;

        ModelEvaluation best = run.Evaluation.Models.Single(each => each.Name == run.Best);
        ModelEvaluation constant = run.Evaluation.Models.Single(static each => each.Name == "constant");
        Assert.True(run.Verdict.IsPromoted, run.Verdict.Reason);
        Assert.Equal("constant", run.Verdict.Against);
        Assert.Equal("item_play:lately", run.Rank!.Importance[0].Name);
        Assert.Equal(1, constant.Metrics["normalised_entropy"], 0.02);

        // Nothing learned loses less than the truth itself would: a third of the items at 0.8, the rest at 0.1.
        double least = (Entropy(HotItems.Hot) + (2 * Entropy(HotItems.Cold))) / 3;
        Assert.InRange(best.Metrics["log_loss"], least - 0.05, constant.Metrics["log_loss"] - 0.03);
        Assert.InRange(best.Metrics["ece"], 0, 0.1);
        ILookup<bool, float> probabilities = answer.Predictions.ToLookup(
            static each => HotItems.IsHot(each.Id), static each => each.Probability);
        Assert.InRange(probabilities[true].Average() - probabilities[false].Average(), 0.15, 0.8);
        Assert.Equal("1", answer.ModelVersion);

        // Mistakes cost the same: one acts from even odds on. The hot third is shown as often as not.
        DecisionReport decision = run.Rank.Decision!;
        Assert.Equal(new DecisionRule("cost", 0.5) { AbstainFrom = 0.3, AbstainTo = 0.4 }, decision.Rule);
        Assert.True(decision.Cost < Math.Min(decision.AlwaysCost, decision.NeverCost));
        Assert.All(answer.Predictions, each => Assert.Equal(
            each.Probability is >= 0.3f and < 0.4f ? "abstain" : each.Probability >= 0.5f ? "act" : "pass", each.Decision));
        Assert.Contains(answer.Predictions, static each => each.Decision == "act");
        Assert.NotNull(run.Rank.Calibration);
        Assert.Equal("serving", workspace.Snapshot().Phase);
        Assert.Null(workspace.Problem);
        Assert.Equal((120, 0, 0), (skew.Rows, skew.Mismatched, skew.LeftOut));
    }

    [Theory]
    [InlineData("focal", false)]
    [InlineData("{kind: down_sample, kept: 0.2}", true)]
    public async Task TrainAsync_WithRarePositivesTreated_StillServesProbabilities(string method, bool changesRate)
    {
        using SmallWorkspace small = Create();
        small.Mend("most_alone: 1", $"most_alone: 1\n  imbalance: {method}");
        await using TandemWorkspace workspace = await small.OpenAsync();

        TrainingRun run = await TrainAsync(small, workspace);
        PredictResponse answer = await AskAsync(workspace);

        ModelEvaluation best = run.Evaluation.Models.Single(each => each.Name == run.Best);
        Assert.True(run.Verdict.IsPromoted, run.Verdict.Reason);
        Assert.InRange(best.Metrics["ece"], 0, 0.1);
        Assert.Equal(changesRate, run.Rank!.Rates!.Fitted > run.Rank.Rates.Scored + 0.1);

        // A third of the items at 0.8, the rest at 0.1.
        Assert.Equal(1 / 3.0, answer.Predictions.Average(static each => each.Probability), 0.1);
    }

    [Fact]
    public async Task TrainAsync_OfRanges_RegistersWhatASearchOnEarlierRowsPicked()
    {
        using SmallWorkspace small = Create();
        small.Mend(
            "most_alone: 1",
            "most_alone: 1\n  candidates: [{kind: logistic, regularisation: [1000, 0.001]}]\n  search: {trials: 3, halving: 2}");
        await using TandemWorkspace workspace = await small.OpenAsync();

        TrainingRun run = await TrainAsync(small, workspace);

        SearchReport search = run.Search!;
        Assert.Equal(("log_loss", "time", true, 0), (search.Metric, search.Split, search.IsComplete, search.Resumed));
        Assert.Equal([3, 2], search.Trials.GroupBy(static trial => trial.Round).Select(static round => round.Count()));
        SearchTrial[] last = [.. search.Trials.Where(static trial => trial.Round == 2)];
        Assert.Equal(last.MinBy(static trial => trial.Value)!.Name, search.Picked);
        Assert.Equal(search.Picked, run.Best);
        Assert.Equal(["constant", .. last.Select(static trial => trial.Name).Order(StringComparer.Ordinal)],
            run.Evaluation.Models.Select(static model => model.Name).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        ModelVersion version = (await workspace.Registry.FindAsync("small", "1"))!;
        SearchTrial picked = last.First(trial => trial.Name == search.Picked);
        Assert.NotEqual(1000, picked.Parameters.GetValueOrDefault("regularisation"));
        Assert.All(picked.Parameters, setting => Assert.Equal(
            setting.Value.ToString(System.Globalization.CultureInfo.InvariantCulture),
            version.Lineage.Parameters[setting.Key]));

        EvaluationResult evaluated = await workspace.EvaluateAsync();
        Assert.Equal(search.Picked, Assert.Single(evaluated.Searches!).Picked);
    }

    [Fact]
    public async Task TrainAsync_AgainstAChampion_JudgesBothOnTheSameRows_AndARestartServesTheSame()
    {
        using SmallWorkspace small = Create();
        PredictResponse before;
        await using (TandemWorkspace first = await small.OpenAsync())
        {
            await TrainAsync(small, first);
            before = await AskAsync(first);
            TrainingRun again = await first.TrainAsync(TrainingCause.Manual);

            Assert.Equal("champion version 1", again.Verdict.Against);
            Assert.False(again.Verdict.IsPromoted, again.Verdict.Reason);
            Assert.Contains(again.Evaluation.Models, static each => each.Name == "champion");
            Assert.Contains(again.Evaluation.Differences!, static each => each.Other == "constant");
        }

        await using TandemWorkspace second = await small.OpenAsync();
        await second.StartServingAsync();
        PredictResponse after = await AskAsync(second);

        Assert.Equal(before.Predictions, after.Predictions);
        ModelVersion version = (await second.Registry.FindAsync("small", "1"))!;
        Assert.Equal("logistic", version.Kind);
        Assert.True(version.Lineage.Metrics["log_loss"].High > version.Lineage.Metrics["log_loss"].Low);
        EvaluationResult kept = await second.EvaluateAsync();
        Assert.DoesNotContain(kept.Models, static each => each.Name == "champion");
    }

    [Fact]
    public async Task PredictAsync_BeforeAModel_OrOfATaskThatShows_SaysWhatToDo()
    {
        using SmallWorkspace small = Create();
        await using (TandemWorkspace workspace = await small.OpenAsync())
        {
            await workspace.StartServingAsync();

            Assert.Equal("SRV001", (await Assert.ThrowsAsync<TandemException>(() => AskAsync(workspace))).Fault.Code);
            Assert.Equal(
                "SRV012",
                (await Assert.ThrowsAsync<TandemException>(
                    async () => await workspace.RecommendAsync(new RecommendRequest()))).Fault.Code);
            Assert.Equal(
                "TRN005",
                (await Assert.ThrowsAsync<TandemException>(() => workspace.TrainAsync(TrainingCause.Manual))).Fault.Code);
        }

        using SmallWorkspace shows = new();
        await using TandemWorkspace other = await shows.OpenAsync();
        await other.StartServingAsync();
        Assert.Equal("SRV012", (await Assert.ThrowsAsync<TandemException>(() => AskAsync(other))).Fault.Code);
    }

    [Fact]
    public async Task PredictAsync_ThatIsNotShown_LogsNothing_AndAWrongContextIsRefused()
    {
        using SmallWorkspace small = Create();
        await using TandemWorkspace workspace = await small.OpenAsync();
        await TrainAsync(small, workspace);
        long events = workspace.Snapshot().Log.Events;

        await AskAsync(workspace);
        TandemException wrong = await Assert.ThrowsAsync<TandemException>(async () => await workspace.PredictAsync(
            new PredictRequest { Items = ["v1"], Context = JsonSerializer.SerializeToUtf8Bytes(12) }));

        Assert.Equal("EVT002", wrong.Fault.Code);
        Assert.Equal(events, workspace.Snapshot().Log.Events);
    }

    [Theory]
    [InlineData("logistic")]
    [InlineData("boosted_trees")]
    public async Task PredictAsync_ThatIsExplained_SaysWhatEachFeatureAdds(string kind)
    {
        using SmallWorkspace small = Create();
        small.Mend("predict: logistic", $"predict: {kind}");
        small.Mend("most_alone: 1", "most_alone: 1\n  calibration: none");
        await using TandemWorkspace workspace = await small.OpenAsync();
        await TrainAsync(small, workspace);
        PredictRequest request = new() { UserId = "u3", Items = [.. Enumerable.Range(0, 30).Select(static item => $"v{item}")] };

        PredictResponse plain = await workspace.PredictAsync(request);
        PredictResponse explained = await workspace.PredictAsync(request with { IsExplained = true });

        Assert.All(plain.Predictions, static each => Assert.Null(each.Explanation));
        Assert.Equal(
            plain.Predictions.Select(static each => each.Probability),
            explained.Predictions.Select(static each => each.Probability));
        foreach (Prediction each in explained.Predictions)
        {
            Explanation why = each.Explanation!;
            Assert.Equal(LogOdds.ToProbability(why.Margin), each.Probability, 1e-4);
            Assert.Equal(why.Margin, why.Base + why.Rest + why.Contributions.Sum(static one => one.Value), 1e-9);
        }

        // What is hot now is what was chosen lately.
        Prediction best = explained.Predictions.MaxBy(static each => each.Probability)!;
        Assert.Equal("item_play:lately", best.Explanation!.Contributions[0].Feature);
        Assert.True(best.Explanation.Contributions[0].Value > 0);
    }

    [Fact]
    public async Task PredictAsync_OfAModelWithADirection_NeverGoesAgainstIt()
    {
        using SmallWorkspace small = Create();
        small.Mend("predict: logistic", "predict: {kind: boosted_trees, directions: {item_play:lately: rising}}");
        await using TandemWorkspace workspace = await small.OpenAsync();
        await TrainAsync(small, workspace);
        string[] items = [.. Enumerable.Range(0, 30).Select(static item => $"v{item}")];

        PredictResponse answer = await AskAsync(workspace);
        OnlineColumn lately = (await workspace.ReadFeaturesAsync(new OnlineQuery(
            ["item_play:lately"], new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["item"] = items }, true)))
            .Single(static column => column.Name == "item_play__lately");

        // One person asks at one moment: nothing but the items' plays differs.
        (double Plays, float Probability)[] points =
        [
            .. answer.Predictions.Select((each, i) => (lately.Values[i].Value.Number, each.Probability)).Order(),
        ];
        Assert.True(points.Select(static point => point.Plays).Distinct().Count() > 3);
        Assert.All(points.Zip(points.Skip(1)), static pair => Assert.True(pair.Second.Probability >= pair.First.Probability));
        Assert.True(points[^1].Probability > points[0].Probability);
    }

    /// <summary>Nobody acts on what was not chosen lately: of the positives among it none, whatever the model is worth
    /// beside others.</summary>
    [Theory]
    [InlineData(0.2, false)]
    [InlineData(0, true)]
    public async Task TrainAsync_UnderAFloorOfParts_PromotesWhatGivesEachItsShare(double recall, bool isPromoted)
    {
        using SmallWorkspace small = Create();
        small.Mend(
            "decision: {by: cost, abstain: [0.3, 0.4]}",
            FormattableString.Invariant($"decision: {{by: cost, floor: {{by: item_play:lately, recall: {recall}}}}}"));
        await using TandemWorkspace workspace = await small.OpenAsync();
        await HotItems.RecordAsync(small, workspace);
        await workspace.CompactAsync();

        TrainingRun run = await workspace.TrainAsync(TrainingCause.Manual);

        DecisionReport decision = run.Rank!.Decision!;
        Assert.True(decision.Slices.Count > 1);
        Assert.Equal(isPromoted, run.Verdict.IsPromoted);
        Assert.Equal(isPromoted, decision.BelowFloor.Count == 0);
        if (!isPromoted)
        {
            Assert.All(decision.BelowFloor, part => Assert.True(decision.Slices[part].Recall < recall));
            Assert.Contains("fewer than 0.2 of the positives in", run.Verdict.Reason, StringComparison.Ordinal);
            Assert.Contains(decision.BelowFloor[0], run.Verdict.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task TrainAsync_UnderAFloorOfNoFeature_IsRefused()
    {
        using SmallWorkspace small = Create();
        small.Mend("decision: {by: cost, abstain: [0.3, 0.4]}", "decision: {floor: {by: item_play:colour, recall: 0.5}}");
        await using TandemWorkspace workspace = await small.OpenAsync();
        await HotItems.RecordAsync(small, workspace);
        await workspace.CompactAsync();

        Fault fault = (await Assert.ThrowsAsync<TandemException>(() => workspace.TrainAsync(TrainingCause.Manual))).Faults[0];

        Assert.Equal("TRN022", fault.Code);
        Assert.Contains("item_play:lately", fault.Expected, StringComparison.Ordinal);
    }

    private static double Entropy(double probability) =>
        -(probability * Math.Log(probability)) - ((1 - probability) * Math.Log(1 - probability));

    private static async Task<TrainingRun> TrainAsync(SmallWorkspace small, TandemWorkspace workspace)
    {
        await HotItems.RecordAsync(small, workspace);
        await workspace.CompactAsync();
        TrainingRun run = await workspace.TrainAsync(TrainingCause.Manual);
        await workspace.StartServingAsync();
        return run;
    }

    private static async Task<PredictResponse> AskAsync(TandemWorkspace workspace) => await workspace.PredictAsync(
        new PredictRequest { UserId = "u3", Items = [.. Enumerable.Range(0, 30).Select(static item => $"v{item}")] });

    private static SmallWorkspace Create()
    {
        SmallWorkspace small = HotItems.Create();
        small.Mend("task: retrieval", "task: binary\n  decision: {by: cost, abstain: [0.3, 0.4]}");
        small.Mend("retrieve: popular\n  rank: logistic", "predict: logistic");
        small.Mend("metrics: [shown_auc, recall@5]", "metrics: [log_loss, normalised_entropy, roc_auc, ece]");
        small.Mend("gate: {metric: shown_auc}", "gate: {metric: log_loss}");
        return small;
    }
}
