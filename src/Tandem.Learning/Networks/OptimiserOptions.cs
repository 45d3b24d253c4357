namespace Tandem.Learning.Networks;

/// <summary>Settings of <see cref="Optimiser"/>.</summary>
internal sealed record OptimiserOptions
{
    /// <summary>The rule, default Adam.</summary>
    public OptimiserKind Kind { get; init; } = OptimiserKind.Adam;

    /// <summary>Share of each weight that a step at rate 1 takes away, ≥ 0, default 0; apart from the gradient, as in
    /// AdamW.</summary>
    public float WeightDecay { get; init; }

    /// <summary>Adam's β₁, default 0.9.</summary>
    public float MeanDecay { get; init; } = 0.9f;

    /// <summary>Adam's β₂, default 0.999.</summary>
    public float SquareDecay { get; init; } = 0.999f;

    /// <summary>ε, above 0, default 10⁻⁸.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>First value of Adagrad's sums, ≥ 0, default 0.1.</summary>
    public float InitialSum { get; init; } = 0.1f;
}
