namespace Tandem.Spec;

/// <summary>Concept drift settings.</summary>
public sealed record ConceptSpec
{
    /// <summary><c>adwin</c>.</summary>
    public string Detector { get; init; } = "adwin";

    /// <summary>Confidence of the detector, in (0, 1).</summary>
    public double Delta { get; init; } = 0.002;

    /// <summary>Smallest rise of the error rate that alarms, 0 to 1; smaller ones add up until they reach it.</summary>
    public double MinimumRise { get; init; } = 0.05;

    /// <summary>An error is a chosen item that was not ranked among this many.</summary>
    public int TopPositions { get; init; } = 3;
}
