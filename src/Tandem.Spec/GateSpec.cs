namespace Tandem.Spec;

/// <summary>The promotion gate.</summary>
public sealed record GateSpec
{
    /// <summary>Metric that decides.</summary>
    public string Metric { get; init; } = "ndcg@20";

    /// <summary>Relative gain over the champion that is asked for, on the same newest window.</summary>
    public double MinimumGain { get; init; } = 0;

    /// <summary>Baseline that must be beaten when there is no champion.</summary>
    public string Beats { get; init; } = "popular";
}
