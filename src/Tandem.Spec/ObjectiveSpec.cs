namespace Tandem.Spec;

/// <summary>The business goal and its translation into a learning task.</summary>
public sealed record ObjectiveSpec
{
    /// <summary>The business goal in a sentence.</summary>
    public string Goal { get; init; } = "";

    /// <summary>One of the closed set of tasks: <c>retrieval</c>, <c>ranking</c>, <c>binary</c>, …</summary>
    public required string Task { get; init; }

    /// <summary>What is predicted.</summary>
    public required LabelSpec Label { get; init; }

    /// <summary>For the task <c>quantile</c>: which are predicted, each above 0 and below 1, ascending.</summary>
    public IReadOnlyList<double> Quantiles { get; init; } = [0.1, 0.5, 0.9];

    /// <summary>For the task <c>uplift</c>: the column that says, by 1 or 0, who was treated, at random; or null.</summary>
    public string? Treatment { get; init; }

    /// <summary>For the tasks <c>regression</c> and <c>quantile</c>: share of new rows that intervals around predictions are to
    /// hold, 0.5 to 0.999; null for no intervals.</summary>
    public double? Interval { get; init; }

    /// <summary>Cost of acting wrongly, in any unit, ≥ 0.</summary>
    public double FalsePositiveCost { get; init; } = 1;

    /// <summary>Cost of not acting wrongly, in the same unit, ≥ 0.</summary>
    public double FalseNegativeCost { get; init; } = 1;

    /// <summary>For the task <c>binary</c>: when a probability is acted on; null leaves that to whoever asks.</summary>
    public DecisionSpec? Decision { get; init; }
}
