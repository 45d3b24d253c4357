namespace Tandem.Learning.Slim;

/// <summary>Settings of <see cref="SlimTrainer"/>.</summary>
public sealed record SlimOptions
{
    /// <summary>Pull of each weight to exactly zero, ≥ 0, default 1: more of it keeps fewer weights.</summary>
    public double Sparsity { get; init; } = 1;

    /// <summary>Pull of each weight towards zero, above 0, default 10.</summary>
    public double Regularisation { get; init; } = 10;

    /// <summary>Items that may explain an item: those of the highest cosine, 1 to 2000, default 200.</summary>
    public int Candidates { get; init; } = 200;

    /// <summary>True, the default, where weights are not to be negative.</summary>
    public bool NonNegative { get; init; } = true;

    /// <summary>Passes over an item's weights at most, ≥ 1, default 50.</summary>
    public int Sweeps { get; init; } = 50;

    /// <summary>Largest change of a weight in a pass at which fitting ends, above 0, default 10⁻⁴.</summary>
    public double Tolerance { get; init; } = 1e-4;
}
