namespace Tandem.Spec;

/// <summary>How models are judged.</summary>
public sealed record EvaluationSpec
{
    /// <summary>Metric names, such as <c>recall@20</c>.</summary>
    public IReadOnlyList<string> Metrics { get; init; } =
        ["recall@20", "ndcg@20", "hr@10", "ndcg@10", "mrr", "coverage@20", "novelty@20"];

    /// <summary>Model kinds that a candidate is shown against.</summary>
    public IReadOnlyList<string> Baselines { get; init; } = ["popular"];

    /// <summary>Slices to report, such as <c>new_users</c>.</summary>
    public IReadOnlyList<string> Slices { get; init; } = [];

    /// <summary>Models of LightGBM and XGBoost that are judged beside those of the design, where each row is an example: by name the
    /// path of the file, from the folder of tandem.yaml.</summary>
    public IReadOnlyDictionary<string, string> Imported { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Resamples of the interval, 0 to 10000.</summary>
    public int BootstrapSamples { get; init; } = 1000;

    /// <summary>What a new version must reach to be promoted.</summary>
    public GateSpec Gate { get; init; } = new();
}
