using Tandem.Learning.Networks;

namespace Tandem.Learning.RowNetworks;

/// <summary>How a network over rows is learned.</summary>
internal sealed record RowNetworkOptions
{
    /// <summary>The rule; default AdamW.</summary>
    public OptimiserKind Optimiser { get; init; } = OptimiserKind.Adam;

    /// <summary>Learning rate, above 0.</summary>
    public required double LearningRate { get; init; }

    /// <summary>True where the rate falls along half a cosine over all epochs.</summary>
    public bool IsCosine { get; init; }

    /// <summary>Share of each weight that a step at rate 1 takes away, ≥ 0.</summary>
    public required double WeightDecay { get; init; }

    /// <summary>Rows a step, ≥ 1; where rows stand in groups, as many whole groups as reach it.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Passes over the rows at most, ≥ 1.</summary>
    public required int Epochs { get; init; }

    /// <summary>Passes without a lower loss on held-out rows after which to stop, ≥ 1; 0 holds nothing out.</summary>
    public required int Patience { get; init; }

    /// <summary>Share of the rows that is held out to say when to stop, 0 to 0.5; of the groups where there are any.</summary>
    public required double ValidationShare { get; init; }

    /// <summary>What grades in groups are learned by.</summary>
    public OrderLoss OrderLoss { get; init; }

    /// <summary>γ of the focal loss, ≥ 0; 0 is the log-loss.</summary>
    public double FocalGamma { get; init; }
}
