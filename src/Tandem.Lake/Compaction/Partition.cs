namespace Tandem.Lake.Compaction;

/// <summary>Rows of a batch table that go into one file.</summary>
internal sealed record Partition
{
    /// <summary>What the folder says behind <c>date=</c>: a day, a month, a year, or <c>none</c>.</summary>
    public required string Label { get; init; }

    /// <summary>Rows.</summary>
    public required long Rows { get; init; }

    /// <summary>Earliest event time in microseconds, or null.</summary>
    public long? FirstMicros { get; init; }

    /// <summary>Latest event time in microseconds, or null.</summary>
    public long? LastMicros { get; init; }

    /// <summary>Rows without event time.</summary>
    public required long Timeless { get; init; }

    /// <summary>Earliest known time in microseconds, or null.</summary>
    public long? FirstKnownMicros { get; init; }

    /// <summary>Smallest value of the first entity, or null.</summary>
    public string? FirstEntity { get; init; }

    /// <summary>Largest value of the first entity, or null.</summary>
    public string? LastEntity { get; init; }

    /// <summary>Smallest event id.</summary>
    public required string FirstId { get; init; }

    /// <summary>Largest event id.</summary>
    public required string LastId { get; init; }
}
