namespace Tandem.Features;

/// <summary>The operators that features may use. <c>docs/features.md</c> defines them.</summary>
public static class FeatureOperators
{
    /// <summary>All operators, in the order help shows them.</summary>
    public static IReadOnlyList<FeatureOperator> All { get; } =
    [
        new("count", "Number of events in the window.", NeedsColumn: false),
        new("sum", "Sum of a number or flag over the events in the window, computed exactly and rounded once.",
            NeedsColumn: true),
        new("mean", "Mean of a number or flag over the events in the window that have it.", NeedsColumn: true),
        new("last", "Value in the newest event in the window.", NeedsColumn: true),
        new("last_k", "Text or entity of each of the newest k events in the window, oldest first.",
            NeedsColumn: true),
    ];
}
