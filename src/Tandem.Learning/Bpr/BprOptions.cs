namespace Tandem.Learning.Bpr;

/// <summary>Settings of <see cref="BprTrainer"/>.</summary>
public sealed record BprOptions
{
    /// <summary>Length of the factors, 1 to 1024, default 64.</summary>
    public int Factors { get; init; } = 64;

    /// <summary>Step of the descent in the first epoch, above 0, default 0.1; it falls to zero in a straight
    /// line.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>λ ≥ 0, default 0.005: pull of the factors of a pair to zero.</summary>
    public double Regularisation { get; init; } = 0.005;

    /// <summary>Passes over the rows, 1 to 10,000, default 100.</summary>
    public int Epochs { get; init; } = 100;
}
