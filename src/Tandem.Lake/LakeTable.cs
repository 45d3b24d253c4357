namespace Tandem.Lake;

/// <summary>A table of the lake: what the events of one type carry. Columns of the envelope, such as
/// <c>event_time</c>, are there without being declared; see <see cref="LakeEnvelope"/>.</summary>
public sealed record LakeTable
{
    /// <summary>Name, equal to the events' type: 1 to 64 ASCII letters, digits, <c>_</c> and <c>-</c>, beginning
    /// with no <c>-</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Entities the events are about, such as <c>user</c>; each becomes a text column. Rows lie sorted by the
    /// first.</summary>
    public IReadOnlyList<string> Entities { get; init; } = [];

    /// <summary>Columns of the events' data. What is not declared here is kept in <c>extra</c>.</summary>
    public IReadOnlyList<LakeColumn> Columns { get; init; } = [];

    /// <summary>True where events have times, and the table is cut into files by date. Default true.</summary>
    public bool HasTimes { get; init; } = true;
}
