namespace Tandem.Learning.Logistic;

/// <summary>Settings of logistic regression.</summary>
internal sealed record LogisticOptions
{
    /// <summary>λ: pull of the weights to zero, relative to the mean loss of a row, ≥ 10⁻⁹; default 10⁻⁴.</summary>
    public double Regularisation { get; init; } = 1e-4;

    /// <summary>Steps at most, ≥ 1; default 200.</summary>
    public int Iterations { get; init; } = 200;

    /// <summary>Largest element of the gradient at which fitting ends, > 0; default 10⁻⁶.</summary>
    public double Tolerance { get; init; } = 1e-6;
}
