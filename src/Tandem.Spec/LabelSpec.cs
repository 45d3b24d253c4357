namespace Tandem.Spec;

/// <summary>What is predicted: whether an event of one source happens, under conditions, within a window after the
/// impression; or, where each row of the source is an example, what its columns say.</summary>
public sealed record LabelSpec
{
    /// <summary>Source whose events are positives.</summary>
    public required string Event { get; init; }

    /// <summary>Source of the impressions that the label answers, or null.</summary>
    public string? Impression { get; init; }

    /// <summary>The event is a positive where any of these holds; empty: always.</summary>
    public IReadOnlyList<ConditionSpec> AnyOf { get; init; } = [];

    /// <summary>Columns that hold the label itself: one for a class, a number or a grade, several for several labels. Empty
    /// where the conditions say what a positive is.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Column that says which rows belong together, such as the query whose answers are ordered; null for
    /// none.</summary>
    public string? Group { get; init; }

    /// <summary>Time after the impression within which the event counts.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromHours(1);
}
