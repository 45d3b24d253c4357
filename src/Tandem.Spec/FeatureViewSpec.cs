namespace Tandem.Spec;

/// <summary>Features of an entity, computed from one source, or of a request, computed from other features; one
/// definition for training and serving.</summary>
public sealed record FeatureViewSpec
{
    /// <summary>Entity the values belong to, or <c>global</c>; empty where values are computed from other
    /// features.</summary>
    public string Entity { get; init; } = "";

    /// <summary>Makes the values belong to pairs: the second part beside <see cref="Entity"/>. Another entity of the source
    /// (<c>item</c>), a text column of it (<c>device</c>), or an entity of the source and a text column of the table about
    /// it (<c>item.category</c>), as it was known when the event came into the log. Null for no pair.</summary>
    public string? With { get; init; }

    /// <summary>Source of the events, or the table; empty where values are computed from other features.</summary>
    public string Source { get; init; } = "";

    /// <summary>Columns that are computed from those of the source, row by row, by name: conditions and features of the
    /// view read them like any other.</summary>
    public IReadOnlyDictionary<string, Expression> Columns { get; init; } =
        new Dictionary<string, Expression>(StringComparer.Ordinal);

    /// <summary>Only events for which all of these hold.</summary>
    public IReadOnlyList<ConditionSpec> Where { get; init; } = [];

    /// <summary>Age beyond which a value is null, or null for no limit.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>The features; empty where values are computed from other features.</summary>
    public IReadOnlyList<AggregateSpec> Aggregates { get; init; } = [];

    /// <summary>Features that are computed when they are read, by name, from other features (<c>view:feature</c>), the
    /// newest columns of tables (<c>table:column</c>), values of the request (<c>request.column</c>) and the moment
    /// (<c>now</c>). Such a view has nothing else but owner and description.</summary>
    public IReadOnlyDictionary<string, Expression> Compute { get; init; } =
        new Dictionary<string, Expression>(StringComparer.Ordinal);

    /// <summary>Who answers for it.</summary>
    public string Owner { get; init; } = "";

    /// <summary>One sentence.</summary>
    public string Description { get; init; } = "";
}
