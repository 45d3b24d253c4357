namespace Tandem.Learning.Ials;

/// <summary>Settings of <see cref="IalsTrainer"/>.</summary>
public sealed record IalsOptions
{
    /// <summary>Length of the factors, 1 to 1024, default 64. Multiples of 32 waste nothing.</summary>
    public int Factors { get; init; } = 64;

    /// <summary>λ, ≥ 0, default 0.003. More of it pulls factors to zero.</summary>
    public double Regularisation { get; init; } = 0.003;

    /// <summary>ν, 0 to 1, default 1: how strongly λ grows with a row's frequency.</summary>
    public double RegularisationExponent { get; init; } = 1;

    /// <summary>α₀, above 0, default 0.1: weight of every pair that was not seen, relative to one that was.</summary>
    public double UnobservedWeight { get; init; } = 0.1;

    /// <summary>Passes over users and items, 1 to 1000, default 12.</summary>
    public int Epochs { get; init; } = 12;

    /// <summary>Steps of conjugate gradients a row and epoch, 0 to 100; 0, the default, solves exactly by Cholesky. Three
    /// take less time, and about as many epochs.</summary>
    public int ConjugateSteps { get; init; }

    /// <summary>Standard deviation of the first item factors, times √factors; above 0, default 0.1.</summary>
    public double InitialDeviation { get; init; } = 0.1;

    /// <summary>Days in which a row's weight halves, where times are known; 0, the default, is off.</summary>
    public double HalfLifeDays { get; init; }
}
