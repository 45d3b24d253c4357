namespace Tandem.Registry;

/// <summary>A measured value with its interval.</summary>
/// <param name="Value">The value; NaN where it is not defined.</param>
/// <param name="Low">Lower end of the interval, or null where none was measured.</param>
/// <param name="High">Upper end of the interval, or null where none was measured.</param>
public sealed record ModelMetric(double Value, double? Low = null, double? High = null);
