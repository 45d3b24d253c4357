namespace Tandem.Learning.GraphFilter;

/// <summary>Settings of <see cref="GraphFilterTrainer"/>.</summary>
public sealed record GraphFilterOptions
{
    /// <summary>Directions that the ideal filter lets through, 0 to 1024, default 256; 0 leaves it out.</summary>
    public int Factors { get; init; } = 256;

    /// <summary>Weight of the ideal filter beside the linear one, 0 to 100, default 0.3.</summary>
    public double IdealWeight { get; init; } = 0.3;

    /// <summary>How long scores are sharpened afterwards, 0 to 10, default 0: not at all.</summary>
    public double Sharpening { get; init; }

    /// <summary>Passes that find the directions, 1 to 100, default 10.</summary>
    public int Iterations { get; init; } = 10;
}
