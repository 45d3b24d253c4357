namespace Tandem.Spec;

/// <summary>A kind of thing that events are about.</summary>
public sealed record EntitySpec
{
    /// <summary>Source of kind table that describes it, or null.</summary>
    public string? Table { get; init; }

    /// <summary>Text column of its table that groups the entities, such as a category, or null.</summary>
    public string? Group { get; init; }

    /// <summary>One sentence.</summary>
    public string Description { get; init; } = "";
}
