namespace Tandem.Features;

/// <summary>Settings of the online store.</summary>
public sealed record FeatureStoreOptions
{
    /// <summary>How far before the newest known time a question may lie and still be answered exactly, at least zero;
    /// default 1 hour. What only earlier questions need is dropped.</summary>
    public TimeSpan LookBack { get; init; } = TimeSpan.FromHours(1);
}
