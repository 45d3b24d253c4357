namespace Tandem.Monitoring.Skew;

/// <summary>One feature, as served and as rebuilt.</summary>
public sealed record FeatureSkew
{
    /// <summary>Name of the feature.</summary>
    public required string Name { get; init; }

    /// <summary>Rows compared.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows whose values differ at all, or of which one is null.</summary>
    public required long Mismatched { get; init; }

    /// <summary>Of those, served as null and rebuilt with a value.</summary>
    public required long Missing { get; init; }

    /// <summary>Of those, served with a value and rebuilt as null.</summary>
    public required long Extra { get; init; }

    /// <summary>Σ|served − rebuilt| / Σ(|served| + |rebuilt|) over rows where both have a value, 0 to 1; null where none
    /// has, 0 where all are zero.</summary>
    public double? Smape { get; init; }

    /// <summary>Mean of served − rebuilt over the same rows; null where there are none.</summary>
    public double? MeanDifference { get; init; }

    /// <summary>Largest |served − rebuilt|; null where there are none.</summary>
    public double? LargestDifference { get; init; }

    /// <summary>The first row that differs, in the order of the log; null where none does.</summary>
    public SkewRow? First { get; init; }
}
