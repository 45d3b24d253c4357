namespace Tandem.Lake;

/// <summary>Rows to read from one table.</summary>
public sealed record LakeQuery
{
    /// <summary>Name of the table.</summary>
    public required string Table { get; init; }

    /// <summary>Columns to read, in the order of the reader's; none reads them all.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Earliest event time, inclusive, or null. Rows without event time pass only where there is neither
    /// <see cref="From"/> nor <see cref="To"/>.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>End of event time, exclusive, or null.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only what was known then: latest known time, inclusive, or null.</summary>
    public DateTimeOffset? KnownUntil { get; init; }

    /// <summary>Conditions that must all hold.</summary>
    public IReadOnlyList<LakeFilter> Where { get; init; } = [];

    /// <summary>Only rows that hold one of these keys, or null. The reader then has one more column, the first: the key's
    /// number, by which rows are sorted before all else. That is cheaper than to sort by the text.</summary>
    public LakeKeys? Keys { get; init; }

    /// <summary>Columns to sort by, ascending, nulls last; a name led by <c>-</c> descends. Without it rows come in
    /// no promised order. End it with <c>log_position</c> where ties must always fall the same way.</summary>
    public IReadOnlyList<string> OrderBy { get; init; } = [];

    /// <summary>Most rows to read, at least 0, or null for all.</summary>
    public long? Limit { get; init; }
}
