namespace Tandem.Events;

/// <summary>Settings of a <see cref="FileJournal"/>.</summary>
public sealed record FileJournalOptions
{
    /// <summary>Event ids remembered where nothing else is said.</summary>
    public const int DefaultRememberedIdCount = 65_536;

    /// <summary>Folder of the segments; made where there is none.</summary>
    public required string Folder
    {
        get;
        init
        {
            ArgumentException.ThrowIfNullOrEmpty(value);
            field = Path.GetFullPath(value);
        }
    }

    /// <summary>Size at which a segment is closed and the next begun, in bytes, at least 1,024; default 64 MiB. A
    /// segment ends up larger by at most one commit.</summary>
    public long SegmentBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1024);
            field = value;
        }
    }
    = 64 * 1024 * 1024;

    /// <summary>True, the default, to flush each commit to the disk before it is acknowledged. False acknowledges what
    /// the operating system holds: it survives the process, not a power cut.</summary>
    public bool FlushToDisk { get; init; } = true;

    /// <summary>Appends that may wait for the committer, at least 1; default 4,096. Behind them callers wait.</summary>
    public int QueueLength
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    }
    = 4096;

    /// <summary>Event ids remembered, at least 0; default 65,536. An event whose id is among them is acknowledged and
    /// not appended again; older repetitions are removed when the log is compacted.</summary>
    public int RememberedIdCount
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }
    = DefaultRememberedIdCount;
}
