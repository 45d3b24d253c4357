using Tandem.Testing;

namespace Tandem.Learning.Tests;

/// <summary>The figures that others measured on public data, reached again.</summary>
public sealed class PublicDataTests
{
    [SharedDataFact]
    public void Gowalla_Popularity_ReachesTheMeasuredFigures()
    {
        ModelEvaluation found = Evaluate("popular", SharedRows.Gowalla(), "recall@20", "ndcg@20");

        Assert.Equal(0.0416, found.Metrics["recall@20"], 0.0005);
        Assert.Equal(0.0317, found.Metrics["ndcg@20"], 0.0005);
    }

    [SharedDataFact]
    public void Gowalla_ItemItem_ReachesTheMeasuredFigures()
    {
        ModelEvaluation found = Evaluate("item_item", SharedRows.Gowalla(), "recall@20", "ndcg@20");

        Assert.Equal(0.1682, found.Metrics["recall@20"], 0.0005);
        Assert.Equal(0.1331, found.Metrics["ndcg@20"], 0.0005);
    }

    /// <summary>GF-CF as published: 256 directions, found to convergence.</summary>
    [SharedDataFact]
    public void Gowalla_GraphFilter_ReachesThePublishedFigures()
    {
        ModelEvaluation found = Evaluate(
            "graph_filter", SharedRows.Gowalla(), new Dictionary<string, double>(StringComparer.Ordinal) { ["iterations"] = 40 },
            "recall@20", "ndcg@20");

        Assert.Equal(0.1849, found.Metrics["recall@20"], 0.0005);
        Assert.Equal(0.1518, found.Metrics["ndcg@20"], 0.0005);
    }

    [SharedDataFact]
    public void Beauty_Popularity_ReachesTheMeasuredFigures()
    {
        ModelEvaluation found = Evaluate("popular", DataSplit.LeaveLastOut(SharedRows.Beauty()), "hr@10", "ndcg@10");

        Assert.Equal(0.0135, found.Metrics["hr@10"], 0.0003);
        Assert.Equal(0.0061, found.Metrics["ndcg@10"], 0.0003);
    }

    [SharedDataFact]
    public void Beauty_CoOccurrence_ReachesTheMeasuredFigures()
    {
        ModelEvaluation found = Evaluate("co_occurrence", DataSplit.LeaveLastOut(SharedRows.Beauty()), "hr@10", "ndcg@10");

        Assert.InRange(found.Metrics["hr@10"], 0.0925, 0.0930);
        Assert.InRange(found.Metrics["ndcg@10"], 0.0580, 0.0583);
    }

    /// <summary>Settings of examples/amazon-beauty.yaml, chosen on the last product but one.</summary>
    [SharedDataFact]
    public void Beauty_CoOccurrenceAsChosen_IsTenOfAHundred()
    {
        Dictionary<string, double> chosen = new(StringComparer.Ordinal)
        {
            ["reach"] = 20,
            ["distance_exponent"] = 0.35,
            ["backward_weight"] = 0.3,
            ["count_shrinkage"] = 25,
            ["count_exponent"] = 0.3,
            ["asked_exponent"] = 0.4,
            ["length_exponent"] = 0.1,
            ["history_length"] = 20,
            ["recency_decay"] = 0.6,
        };

        ModelEvaluation found = Evaluate(
            "co_occurrence", DataSplit.LeaveLastOut(SharedRows.Beauty()), chosen, "hr@10", "ndcg@10");

        Assert.True(found.Metrics["hr@10"] >= 0.1, $"{found.Metrics["hr@10"]}");
        Assert.True(found.Metrics["ndcg@10"] >= 0.062, $"{found.Metrics["ndcg@10"]}");
    }

    private static ModelEvaluation Evaluate(string kind, DataSplit split, params string[] metrics) =>
        Evaluate(kind, split, new Dictionary<string, double>(StringComparer.Ordinal), metrics);

    private static ModelEvaluation Evaluate(
        string kind, DataSplit split, Dictionary<string, double> parameters, params string[] metrics)
    {
        IItemScorer model = ModelCatalogue.Default.Find(kind).Fit(
            split.Train, parameters, new FitContext(), CancellationToken.None);
        EvaluationOptions options = new() { Metrics = metrics, BootstrapSamples = 0 };
        return Evaluation.Run(kind, model, split, options);
    }
}
