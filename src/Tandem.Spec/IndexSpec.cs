namespace Tandem.Spec;

/// <summary>How the items of a large catalogue are searched.</summary>
public sealed record IndexSpec
{
    /// <summary><c>auto</c>, <c>exact</c>, <c>int8</c>, <c>ivf</c> or <c>hnsw</c>.</summary>
    public string Kind { get; init; } = "auto";

    /// <summary>Share of the true best candidates that a search is to find, 0.5 to 1.</summary>
    public double Recall { get; init; } = 0.98;
}
