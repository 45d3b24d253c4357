namespace Tandem.Features;

/// <summary>An operator that features may use.</summary>
/// <param name="Name">Its name in tandem.yaml.</param>
/// <param name="Summary">What it computes, in a sentence.</param>
/// <param name="NeedsColumn">True where it reads a column or an entity.</param>
public sealed record FeatureOperator(string Name, string Summary, bool NeedsColumn);
