namespace Tandem.Lake;

/// <summary>Which manifests a vacuum keeps: those that any of the rules names, and always the latest.</summary>
public sealed record LakeRetention
{
    /// <summary>How many of the newest, at least 1.</summary>
    public int Newest { get; init; } = 1;

    /// <summary>Every one that was the lake at this moment or later; null for no such rule.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>These, whatever their age: what training sets and models were made from.</summary>
    public IReadOnlySet<long> Pinned { get; init; } = new HashSet<long>();
}
