namespace Tandem.Features;

/// <summary>An operator that features may use.</summary>
/// <param name="Name">Its name in tandem.yaml.</param>
/// <param name="Summary">What it computes, in a sentence.</param>
/// <param name="Reads">What its column must hold.</param>
/// <param name="Kind">What its values are; <c>first</c> and <c>last</c> give texts where the column holds
/// them.</param>
public sealed record FeatureOperator(
    string Name, string Summary, OperatorInput Reads, FeatureKind Kind = FeatureKind.Number)
{
    /// <summary>Keys that it reads besides <c>column</c> and <c>window</c>, such as <c>k</c>.</summary>
    public IReadOnlyList<string> Takes { get; init; } = [];

    /// <summary>Those of <see cref="Takes"/> without which it cannot be computed.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>True where it reads a column or an entity.</summary>
    public bool NeedsColumn => Reads != OperatorInput.Nothing;
}
