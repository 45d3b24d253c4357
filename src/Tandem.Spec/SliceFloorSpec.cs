namespace Tandem.Spec;

/// <summary>The least share of the positives that a decision must act on in each part of the rows, before a version is
/// promoted.</summary>
public sealed record SliceFloorSpec
{
    /// <summary>The feature, <c>view:feature</c>, by whose values the rows are parted: its most frequent values, or quarters of a
    /// number with many.</summary>
    public required string By { get; init; }

    /// <summary>The share, 0 to 1.</summary>
    public double Recall { get; init; }
}
