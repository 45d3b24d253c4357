namespace Tandem.Learning.Ftrl;

/// <summary>Settings of FTRL-proximal.</summary>
public sealed record FtrlOptions
{
    /// <summary>Fewest and most bits of a slot's number.</summary>
    internal const int LeastBits = 8, MostBits = 28;

    /// <summary>b: inputs are hashed into 2ᵇ slots, of 8 bytes while learning; 8 to 28, default 20.</summary>
    public int Bits
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, LeastBits);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MostBits);
            field = value;
        }
    }
    = 20;

    /// <summary>α: learning rate, above 0, default 0.1.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>β: how little the first examples move, above 0, default 1.</summary>
    public double Beta { get; init; } = 1;

    /// <summary>λ₁: pull of each weight to exactly zero, ≥ 0, default 0.</summary>
    public double Sparsity { get; init; }

    /// <summary>λ₂: pull of each weight towards zero, ≥ 0, default 1.</summary>
    public double Regularisation { get; init; } = 1;

    /// <summary>Passes over rows that are all there; a learner that is given one after another sees each once. At least 1,
    /// default 10.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Pairs of fields whose inputs are crossed: each input of one with each of the other is an input too.</summary>
    public IReadOnlyList<(int First, int Second)> Crosses { get; init; } = [];

    /// <summary>γ of the focal loss, ≥ 0; 0, the default, is the log-loss.</summary>
    public double FocalGamma { get; init; }

    /// <summary>All pairs of so many fields.</summary>
    /// <param name="fieldCount">Number of fields.</param>
    public static IReadOnlyList<(int First, int Second)> AllPairs(int fieldCount) =>
    [
        .. Enumerable.Range(0, fieldCount).SelectMany(
            first => Enumerable.Range(first + 1, fieldCount - first - 1).Select(second => (first, second))),
    ];
}
