namespace Tandem.Spec;

/// <summary>A column of a source.</summary>
public sealed record ColumnSpec
{
    /// <summary>Its type.</summary>
    public required ColumnType Type { get; init; }

    /// <summary>True where a row without it is refused.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Smallest allowed number, or null.</summary>
    public double? Minimum { get; init; }

    /// <summary>Largest allowed number, or null.</summary>
    public double? Maximum { get; init; }

    /// <summary>Most characters of a text, or of each text of a list, or most numbers of a list; null for what an event
    /// holds.</summary>
    public int? MaximumLength { get; init; }
}
