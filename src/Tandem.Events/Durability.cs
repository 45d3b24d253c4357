namespace Tandem.Events;

/// <summary>What an acknowledged event outlives. A killed process takes nothing in any of them; a power cut, or a
/// crash of the operating system, takes what the setting says.</summary>
public enum Durability
{
    /// <summary>Flushed to the disk before it is acknowledged: a power cut takes nothing.</summary>
    Fsync = 0,

    /// <summary>Flushed soon after: a power cut takes at most what was acknowledged within
    /// <see cref="FileJournalOptions.FlushInterval"/> and the flush that follows it.</summary>
    Interval = 1,

    /// <summary>Flushed when its segment closes: a power cut takes at most what the open segment holds.</summary>
    None = 2,
}
