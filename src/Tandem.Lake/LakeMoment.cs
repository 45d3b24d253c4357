using Tandem.Events;

namespace Tandem.Lake;

/// <summary>How far back a look at the lake goes; each bound that is given must hold.</summary>
public sealed record LakeMoment
{
    /// <summary>Number of a manifest, or null for the latest.</summary>
    public long? Manifest { get; init; }

    /// <summary>Only events that were known by then, inclusive; null for all.</summary>
    public DateTimeOffset? KnownUntil { get; init; }

    /// <summary>Only events before this position of the log; null for all.</summary>
    public JournalPosition? Before { get; init; }
}
