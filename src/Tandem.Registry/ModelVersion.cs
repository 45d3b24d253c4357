namespace Tandem.Registry;

/// <summary>A published model: its number, its bytes by hash, and where it came from. Never changes.</summary>
public sealed record ModelVersion
{
    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Number of the version: 1, 2, 3… without gaps.</summary>
    public required int Number { get; init; }

    /// <summary>Kind of the model: its name in the model catalogue.</summary>
    public required string Kind { get; init; }

    /// <summary>When it was published, UTC.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Its artifacts, in ordinal order of name.</summary>
    public required IReadOnlyList<ModelArtifact> Artifacts { get; init; }

    /// <summary>Where it came from.</summary>
    public required ModelLineage Lineage { get; init; }
}
