namespace Tandem.Events;

/// <summary>Settings of a <see cref="FileJournal"/>.</summary>
public sealed record FileJournalOptions
{
    /// <summary>Event ids remembered where nothing else is said.</summary>
    public const int DefaultRememberedIdCount = 250_000;

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

    /// <summary>What an acknowledged event outlives; default <see cref="Durability.Fsync"/>.</summary>
    public Durability Durability
    {
        get;
        init => field = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Not a durability.");
    }

    /// <summary>For <see cref="Durability.Interval"/>: longest time between an acknowledgement and the flush behind it,
    /// from 1 ms to 1 h; default 200 ms.</summary>
    public TimeSpan FlushInterval
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(1));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromHours(1));
            field = value;
        }
    }
    = TimeSpan.FromMilliseconds(200);

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

    /// <summary>Age at which a segment that holds events is closed and the next begun, from 1 s to 3,650 d;
    /// default 1 h. It counts from the segment's first event, or from the opening of the log where that was
    /// later.</summary>
    public TimeSpan SegmentAge
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromSeconds(1));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromDays(3650));
            field = value;
        }
    }
    = TimeSpan.FromHours(1);

    /// <summary>Appends that may wait for the committer, at least 1; default 4,096. One more is refused with
    /// EVT011.</summary>
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

    /// <summary>Bytes of appends that may wait for the committer, at least 1; default 128 MiB. An append that would
    /// wait behind as many is refused with EVT011.</summary>
    public long QueueBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    }
    = 128 * 1024 * 1024;

    /// <summary>Event ids remembered, at least 0; default 250,000. An event whose id is among the last so many is
    /// acknowledged and not appended again, after a restart too; older repetitions are removed when the log is
    /// compacted.</summary>
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
