namespace Tandem.Lake;

/// <summary>What to look up for each row of a spine: the latest event of the same keys, as of the row's
/// moment.</summary>
/// <remarks>An event is a candidate where its keys equal the row's, its event time is at most the row's moment and at
/// least that moment less <see cref="TimeToLive"/>, both ends inclusive, and, by <see cref="AsKnown"/>, it was known by
/// then. Of the candidates the latest event time wins; of equal ones the latest known time, then the latest log
/// position.</remarks>
public sealed record LakeAsOfJoin
{
    /// <summary>Name of the table.</summary>
    public required string Table { get; init; }

    /// <summary>Text columns that equal the spine's keys, in their order; mostly entities.</summary>
    public required IReadOnlyList<string> Keys { get; init; }

    /// <summary>Columns to read; null where no event is found.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>Age at which an event no longer counts, at least 0; null for never.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>True where only events count that were known by the row's moment. Default true: anything else sees the
    /// future.</summary>
    public bool AsKnown { get; init; } = true;

    /// <summary>Conditions on the events, which must all hold.</summary>
    public IReadOnlyList<LakeFilter> Where { get; init; } = [];
}
