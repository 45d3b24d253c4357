using Tandem.Faults;

namespace Tandem.Spec;

/// <summary>What is wrong with a computed feature.</summary>
/// <param name="View">Its view.</param>
/// <param name="Feature">Its name.</param>
/// <param name="Column">Where in its expression, in characters from 1.</param>
/// <param name="Fault">What is wrong.</param>
public sealed record FeatureTypeFault(string View, string Feature, int Column, Fault Fault);
