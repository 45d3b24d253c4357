namespace Tandem.Learning;

/// <summary>How settings were searched: what was tried, on which rows, and what was picked.</summary>
/// <param name="Metric">What they were compared by.</param>
/// <param name="Split">How validation rows were taken from the training rows; no test row among them.</param>
/// <param name="Rounds">Rounds planned.</param>
/// <param name="Seed">Seed of settings, and of the users or rows of a round.</param>
/// <param name="BudgetSeconds">Time allowed.</param>
public sealed record SearchReport(string Metric, string Split, int Rounds, ulong Seed, double BudgetSeconds)
{
    /// <summary>True where less of the metric is better.</summary>
    public bool LowerIsBetter { get; init; }

    /// <summary>Everything tried, in order.</summary>
    public IReadOnlyList<SearchTrial> Trials { get; init; } = [];

    /// <summary>Name of the setting picked.</summary>
    public string Picked { get; init; } = "";

    /// <summary>True where the time was enough for all rounds.</summary>
    public bool IsComplete { get; init; }

    /// <summary>How many of the trials were taken over from a run that was cut off.</summary>
    public int Resumed { get; init; }
}
