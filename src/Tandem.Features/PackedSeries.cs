namespace Tandem.Features;

/// <summary>The series of one entity, as <c>docs/formats/feature-series.md</c> says.</summary>
/// <param name="Kind">Index of its kind among <see cref="FeatureStore.Kinds"/>.</param>
/// <param name="Id">Id of the entity in UTF-8; empty for the global entity.</param>
/// <param name="Bytes">The series.</param>
public readonly record struct PackedSeries(int Kind, ReadOnlyMemory<byte> Id, ReadOnlyMemory<byte> Bytes);
