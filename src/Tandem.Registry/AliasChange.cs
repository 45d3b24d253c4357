namespace Tandem.Registry;

/// <summary>One line in the history of an alias: who pointed it where, when and why.</summary>
public sealed record AliasChange
{
    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>The alias, such as <c>champion</c>.</summary>
    public required string Alias { get; init; }

    /// <summary>Number of the change: 1, 2, 3… without gaps.</summary>
    public required int Number { get; init; }

    /// <summary>The version it points at from now on; null where the alias was taken away.</summary>
    public int? Version { get; init; }

    /// <summary>The version it pointed at before; null where there was none.</summary>
    public int? Previous { get; init; }

    /// <summary>Who changed it: a person, or the part of Tandem that decided.</summary>
    public required string By { get; init; }

    /// <summary>Why, in words.</summary>
    public required string Why { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset Time { get; init; }
}
