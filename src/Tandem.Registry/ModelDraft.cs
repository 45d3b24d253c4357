namespace Tandem.Registry;

/// <summary>A trained model on its way into the registry.</summary>
public sealed record ModelDraft
{
    /// <summary>Name of the model: ASCII letters, digits, <c>_</c>, <c>-</c> and <c>.</c>, beginning with none of the
    /// last two and not ending with a dot, at most 200 characters.</summary>
    public required string Model { get; init; }

    /// <summary>Kind of the model: its name in the model catalogue, such as <c>als</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>What was trained, by name, such as <c>model.bin</c>; at least one.</summary>
    public required IReadOnlyDictionary<string, DraftArtifact> Artifacts { get; init; }

    /// <summary>Where it came from.</summary>
    public required ModelLineage Lineage { get; init; }
}
