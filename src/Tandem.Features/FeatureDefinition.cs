namespace Tandem.Features;

/// <summary>One feature of a view: an operator over a window.</summary>
/// <param name="Name">Its name, unique in its view.</param>
/// <param name="Operator">Name of its operator, one of <see cref="FeatureOperators"/>.</param>
/// <param name="Column">Column or entity that it reads, or null.</param>
/// <param name="Window">Length of its window, or null for all time.</param>
/// <param name="K">For <c>last_k</c>: how many, 1 to 1000; otherwise 1.</param>
/// <param name="Kind">What its values are where they are not null.</param>
public sealed record FeatureDefinition(
    string Name, string Operator, string? Column, TimeSpan? Window, int K, FeatureKind Kind);
