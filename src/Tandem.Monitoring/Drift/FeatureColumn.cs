namespace Tandem.Monitoring.Drift;

/// <summary>A numeric feature as it is now.</summary>
/// <param name="Name">Name of the feature.</param>
/// <param name="Values">One value a row, as the model sees it; what is not finite is missing.</param>
public sealed record FeatureColumn(string Name, ReadOnlyMemory<float> Values);
