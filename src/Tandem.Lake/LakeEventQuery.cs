namespace Tandem.Lake;

/// <summary>Rows of one table to read back as the events that they were.</summary>
public sealed record LakeEventQuery
{
    /// <summary>Name of the table: the events' type.</summary>
    public required string Table { get; init; }

    /// <summary>Columns that the events' data is to have; null for all of it, with what no column holds.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Conditions that must all hold.</summary>
    public IReadOnlyList<LakeFilter> Where { get; init; } = [];
}
