namespace Tandem.Server.Routes;

/// <summary>A call to materialize over the wire, as Feast's feature server takes it.</summary>
internal sealed record MaterializeBody
{
    /// <summary>ISO 8601; checked, and of no further meaning here.</summary>
    public string? StartTs { get; init; }

    /// <summary>ISO 8601; checked, and of no further meaning here.</summary>
    public string? EndTs { get; init; }

    /// <summary>Names of views; absent for all.</summary>
    public IReadOnlyList<string>? FeatureViews { get; init; }

    /// <summary>Means nothing here.</summary>
    public bool DisableEventTimestamp { get; init; }
}

/// <summary>A call to materialize what is new, over the wire.</summary>
internal sealed record MaterializeNextBody
{
    /// <summary>ISO 8601; checked, and of no further meaning here.</summary>
    public string? EndTs { get; init; }

    /// <summary>Names of views; absent for all.</summary>
    public IReadOnlyList<string>? FeatureViews { get; init; }
}
