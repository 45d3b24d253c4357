using System.Text.Json.Serialization;

namespace Tandem.Learning;

/// <summary>What became of calibrating a model.</summary>
/// <param name="Method">How its scores are mapped: <c>none</c>, <c>platt</c>, <c>isotonic</c>, <c>temperature</c> or
/// <c>beta</c>.</param>
/// <param name="Reason">Why, in a sentence.</param>
public sealed record CalibrationReport(string Method, string Reason)
{
    /// <summary>Rows whose scores the map was fitted on.</summary>
    public int Rows { get; init; }

    /// <summary>Expected calibration error without a map, mean over the splits; null where none was measured.</summary>
    public double? ErrorBefore { get; init; }

    /// <summary>That of the map, fitted on the other rows of each split.</summary>
    public double? ErrorAfter { get; init; }

    /// <summary>Log-loss without a map, mean over the splits.</summary>
    public double? LogLossBefore { get; init; }

    /// <summary>That of the map.</summary>
    public double? LogLossAfter { get; init; }

    /// <summary>The map, fitted on all rows; null where scores stay.</summary>
    [JsonIgnore]
    public CalibrationMap? Map { get; init; }
}
