namespace Tandem.Spec;

/// <summary>When a probability is acted on.</summary>
public sealed record DecisionSpec
{
    /// <summary>The threshold follows from the costs of mistakes.</summary>
    public const string Cost = "cost";

    /// <summary>The threshold is the one that cost least on rows that the model did not see.</summary>
    public const string ObservedCost = "observed_cost";

    /// <summary><see cref="Cost"/> or <see cref="ObservedCost"/>; unused where a threshold or a capacity is given.</summary>
    public string By { get; init; } = Cost;

    /// <summary>Probability, 0 to 1, from which on one acts; null finds it.</summary>
    public double? Threshold { get; init; }

    /// <summary>Acts a day at most, from which the threshold follows; null does not bound them.</summary>
    public double? DailyCapacity { get; init; }

    /// <summary>Two probabilities between which nobody decides; empty decides always.</summary>
    public IReadOnlyList<double> Abstain { get; init; } = [];

    /// <summary>What the decision owes each part of the rows; null for nothing.</summary>
    public SliceFloorSpec? Floor { get; init; }
}
