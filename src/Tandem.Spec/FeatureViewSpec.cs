namespace Tandem.Spec;

/// <summary>Features of an entity, computed from one source; one definition for training and serving.</summary>
public sealed record FeatureViewSpec
{
    /// <summary>Entity the values belong to, or <c>global</c>.</summary>
    public required string Entity { get; init; }

    /// <summary>Source of the events, or the table.</summary>
    public required string Source { get; init; }

    /// <summary>Only events for which all of these hold.</summary>
    public IReadOnlyList<ConditionSpec> Where { get; init; } = [];

    /// <summary>Age beyond which a value is null, or null for no limit.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>The features.</summary>
    public required IReadOnlyList<AggregateSpec> Aggregates { get; init; }

    /// <summary>Who answers for it.</summary>
    public string Owner { get; init; } = "";

    /// <summary>One sentence.</summary>
    public string Description { get; init; } = "";
}
