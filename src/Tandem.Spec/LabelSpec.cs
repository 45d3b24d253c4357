namespace Tandem.Spec;

/// <summary>What counts as a positive: an event of one source, under conditions, within a window after the
/// impression.</summary>
public sealed record LabelSpec
{
    /// <summary>Source whose events are positives.</summary>
    public required string Event { get; init; }

    /// <summary>Source of the impressions that the label answers, or null.</summary>
    public string? Impression { get; init; }

    /// <summary>The event is a positive where any of these holds; empty: always.</summary>
    public IReadOnlyList<ConditionSpec> AnyOf { get; init; } = [];

    /// <summary>Time after the impression within which the event counts.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromHours(1);
}
