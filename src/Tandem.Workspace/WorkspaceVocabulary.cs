using Tandem.Features;
using Tandem.Learning;
using Tandem.Learning.Imbalance;
using Tandem.Spec;

namespace Tandem.Workspace;

/// <summary>What a tandem.yaml may name, taken from the code that runs: model kinds, feature operators,
/// metrics.</summary>
public static class WorkspaceVocabulary
{
    /// <summary>Makes the vocabulary.</summary>
    public static SpecVocabulary Build() => new()
    {
        Models =
        [
            .. ModelCatalogue.Default.Kinds.Select(static kind => new KnownModel(
                kind.Name,
                kind.Summary,
                Parameters(kind.Parameters),
                kind.NeedsTimes)),
            .. ModelCatalogue.Default.RowKinds.Select(static kind => new KnownModel(
                kind.Name, kind.Summary, Parameters(kind.Parameters), ReadsFeatures: true,
                TakesDirections: kind.TakesDirections)),
        ],
        Imbalance =
        [
            .. ImbalanceMethods.All.Select(static method => new KnownModel(
                method.Name, method.Summary, Parameters(method.Parameters))),
        ],
        Operators = FeatureOperators.Known,
        Metrics =
        [
            new("recall", "Share of the held-out items among the first k.", TakesCutoff: true),
            new("ndcg", "Normalised discounted cumulative gain of the first k, binary.", TakesCutoff: true),
            new("hr", "Share of users with a held-out item among the first k.", TakesCutoff: true),
            new("mrr", "Mean reciprocal rank of the first held-out item.", TakesCutoff: false),
            new("shown_auc", "Share of chosen and passed-over neighbours of shown lists in the right order.",
                TakesCutoff: false),
            new("coverage", "Share of the items that appear among anybody's first k.", TakesCutoff: true),
            new("novelty", "Mean surprise of the first k: minus log2 of an item's share of rows.", TakesCutoff: true),
            new("popularity_lift", "How much more popular the first k are than what the user chose, relative to it.",
                TakesCutoff: true),
            new("popularity_shift", "How far the first k lie from the user's mix of popular and rare items, 0 to 1.",
                TakesCutoff: true),
            .. RowEvaluation.Metrics.Where(static metric => metric.Name is not ("ndcg" or "mrr")).Select(
                static metric => new KnownMetric(
                    metric.Name, metric.Summary, metric.TakesCutoff, FamilyOf(metric.Targets[0]))),
            .. UpliftEvaluation.Metrics.Select(static metric => new KnownMetric(
                metric.Name, metric.Summary, TakesCutoff: false, MetricFamily.Uplift)),
        ],
    };

    /// <summary>The JSON Schema of tandem.yaml.</summary>
    public static string Schema() => SpecSchema.Write(Build());

    private static MetricFamily FamilyOf(RowTargetKind target) => target switch
    {
        RowTargetKind.Order => MetricFamily.Ranking,
        RowTargetKind.Number or RowTargetKind.Count or RowTargetKind.Quantile => MetricFamily.Regression,
        _ => MetricFamily.Classification,
    };

    private static KnownParameter[] Parameters(IReadOnlyList<ModelParameter> parameters) =>
    [
        .. parameters.Select(static parameter => new KnownParameter(
            parameter.Name, parameter.Default, parameter.Minimum, parameter.Maximum, parameter.IsWhole,
            parameter.Meaning)),
    ];
}
