namespace Tandem.Features;

/// <summary>Settings of the online store.</summary>
public sealed record FeatureStoreOptions
{
    /// <summary>How far before the newest known time a question may lie and still be answered exactly, at least zero;
    /// default 1 hour. What only earlier questions need is dropped.</summary>
    public TimeSpan LookBack { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Bytes of memory that series may take, about, above zero; default without limit. Those that nobody read
    /// and no event touched for longest are packed into a file, and come back when they are asked for: no value changes.
    /// Ids and texts stay in memory beside them.</summary>
    public long MemoryBytes { get; init; } = long.MaxValue;

    /// <summary>Local folder for that file, which has no name there and goes with the process; needed where memory has a
    /// limit.</summary>
    public string? ColdFolder { get; init; }
}
