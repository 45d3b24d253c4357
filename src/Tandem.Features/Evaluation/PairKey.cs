namespace Tandem.Features.Evaluation;

/// <summary>Two things that values belong to together.</summary>
/// <param name="First">An entity of the source.</param>
/// <param name="Second">The other as tandem.yaml writes it: an entity or column of the source, or
/// <c>entity.column</c>.</param>
internal sealed record PairKey(string First, string Second)
{
    /// <summary>The entity that the second is, or whose table has it; null for a column of the source.</summary>
    public string? Entity { get; init; }

    /// <summary>Where the second is looked up; null where it stands in the source's own rows.</summary>
    public TableColumn? Attribute { get; init; }

    /// <summary>Column of the impression that says the second for a request; null where an entity says it, or nothing
    /// does.</summary>
    public string? Request { get; init; }

    /// <summary>Name of the pair, as an entity has one.</summary>
    public string Name => $"{First},{Second}";

    /// <summary>What must be known for a value: entities, and what no request says.</summary>
    public IReadOnlyList<string> Entities => Entity is { } entity ? [First, entity]
        : Request is null ? [First, Second]
        : [First];
}
