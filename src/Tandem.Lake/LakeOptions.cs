using Tandem.Faults;

namespace Tandem.Lake;

/// <summary>Settings of the lake's engine.</summary>
public sealed record LakeOptions
{
    /// <summary>Memory that the engine may hold before it spills to disk, in bytes, at least 64 MiB. Default 512 MiB.
    /// The process uses some 150 MiB more, and a compaction the lines of its batch.</summary>
    public long MemoryBytes { get; init; } = 512L << 20;

    /// <summary>Threads that one query may use, 1 to 256. Default 2.</summary>
    public int Threads { get; init; } = 2;

    /// <summary>Bytes of journal after which one manifest reads no further, in blocks of at most 4 MiB, which a
    /// compaction holds in memory with about a quarter more; and bytes of files that one manifest merges at most, in
    /// whole merged files, or one where it alone is larger; at least 1. Default 256 MiB.</summary>
    public long BatchBytes { get; init; } = 256L << 20;

    /// <summary>Partitions that one batch cuts a table into before it takes months, then years, in place of days; at
    /// least 1. Default 64.</summary>
    public int MaximumPartitions { get; init; } = 64;

    /// <summary>Length that a merged file has at most, at least 2; files below half of it are small and are merged.
    /// Default 128 MiB.</summary>
    public long MergedBytes { get; init; } = 128L << 20;

    private const long MinimumMemoryBytes = 64L << 20;
    private const int MaximumThreads = 256;

    internal LakeOptions Validate()
    {
        List<Fault> faults = [];
        if (MemoryBytes < MinimumMemoryBytes)
        {
            faults.Add(LakeErrors.BadOption(nameof(MemoryBytes), MemoryBytes, $"at least {MinimumMemoryBytes}"));
        }

        if (Threads is < 1 or > MaximumThreads)
        {
            faults.Add(LakeErrors.BadOption(nameof(Threads), Threads, $"1 to {MaximumThreads}"));
        }

        if (BatchBytes < 1)
        {
            faults.Add(LakeErrors.BadOption(nameof(BatchBytes), BatchBytes, "at least 1"));
        }

        if (MaximumPartitions < 1)
        {
            faults.Add(LakeErrors.BadOption(nameof(MaximumPartitions), MaximumPartitions, "at least 1"));
        }

        if (MergedBytes < 2)
        {
            faults.Add(LakeErrors.BadOption(nameof(MergedBytes), MergedBytes, "at least 2"));
        }

        return faults.Count == 0 ? this : throw new TandemException(faults);
    }
}
