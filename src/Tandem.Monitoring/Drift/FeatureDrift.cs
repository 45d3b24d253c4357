namespace Tandem.Monitoring.Drift;

/// <summary>One feature, then and now.</summary>
public sealed record FeatureDrift
{
    /// <summary>Name of the feature.</summary>
    public required string Name { get; init; }

    /// <summary>What was found.</summary>
    public required DriftVerdict Verdict { get; init; }

    /// <summary>What was found, in a sentence.</summary>
    public required string Words { get; init; }

    /// <summary>Rows in the reference, missing ones included.</summary>
    public required long ReferenceRows { get; init; }

    /// <summary>Rows now, missing ones included.</summary>
    public required long CurrentRows { get; init; }

    /// <summary>Population stability index over the reference's deciles; null with too few values.</summary>
    public double? Psi { get; init; }

    /// <summary>Kolmogorov–Smirnov distance, in [0, 1]; null with too few values.</summary>
    public double? Ks { get; init; }

    /// <summary>Probability of that distance without drift, corrected over all tests of the report.</summary>
    public double? P { get; init; }

    /// <summary>Middle value in the reference; null with too few values.</summary>
    public double? ReferenceMedian { get; init; }

    /// <summary>Middle value now; null with too few values.</summary>
    public double? CurrentMedian { get; init; }

    /// <summary>Share of missing values in the reference, in [0, 1]; null without rows.</summary>
    public double? ReferenceNullShare { get; init; }

    /// <summary>Share of missing values now, in [0, 1]; null without rows.</summary>
    public double? CurrentNullShare { get; init; }

    /// <summary>Probability of that change of share without drift, corrected over all tests of the report.</summary>
    public double? NullP { get; init; }
}
