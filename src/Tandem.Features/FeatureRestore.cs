using Tandem.Events;
using Tandem.Faults;

namespace Tandem.Features;

/// <summary>How the online store was filled.</summary>
public sealed record FeatureRestore
{
    /// <summary>Place in the log of the snapshot that was read, or null where none was.</summary>
    public JournalPosition? Snapshot { get; init; }

    /// <summary>Series in that snapshot.</summary>
    public long Series { get; init; }

    /// <summary>Views that were computed from the lake: the snapshot had none of them, or with another
    /// meaning.</summary>
    public IReadOnlyList<string> Rebuilt { get; init; } = [];

    /// <summary>Why newer snapshots were passed over.</summary>
    public IReadOnlyList<Fault> PassedOver { get; init; } = [];
}
