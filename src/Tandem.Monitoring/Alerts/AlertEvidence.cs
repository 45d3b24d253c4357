namespace Tandem.Monitoring.Alerts;

/// <summary>The numbers behind an alert.</summary>
public sealed record AlertEvidence
{
    /// <summary>What was measured, in words.</summary>
    public required string Measure { get; init; }

    /// <summary>Size of the effect, in the unit of the measure.</summary>
    public required double Effect { get; init; }

    /// <summary>Probability of such an effect by chance; null where none was computed.</summary>
    public double? P { get; init; }

    /// <summary>Rows or values that were looked at.</summary>
    public required long Rows { get; init; }

    /// <summary>Version of the model that was compared with, or null.</summary>
    public string? Reference { get; init; }

    /// <summary>Features that changed; empty where it is not about features.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];
}
