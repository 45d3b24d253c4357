namespace Tandem.Learning.Ease;

/// <summary>Settings of <see cref="EaseTrainer"/>.</summary>
public sealed record EaseOptions
{
    /// <summary>λ, above 0, default 100.</summary>
    public double Regularisation { get; init; } = 100;

    /// <summary>Weights kept an item, those of largest magnitude, ≥ 0, default 1000; 0 keeps all.</summary>
    public int Neighbours { get; init; } = 1000;

    /// <summary>Memory that fitting may take, in MiB, 1 to 1,000,000, default 4096: 4·items² bytes, and 8 for each weight kept.</summary>
    public int MemoryMegabytes { get; init; } = 4096;
}
