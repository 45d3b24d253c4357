namespace Tandem.Lake;

/// <summary>A condition on one column.</summary>
/// <param name="Column">Name of the column.</param>
/// <param name="Comparison">How it compares.</param>
/// <param name="Value">What with: <see cref="string"/>, <see cref="long"/>, <see cref="int"/>, <see cref="double"/>,
/// <see cref="float"/>, <see cref="bool"/> or <see cref="DateTimeOffset"/>; null where the comparison takes
/// none.</param>
public sealed record LakeFilter(string Column, LakeComparison Comparison, object? Value = null);
