namespace Tandem.Learning.Imbalance;

/// <summary>What a method for rare positives came to, beside the first of the methods that were compared.</summary>
/// <param name="Choice">The method.</param>
/// <param name="Rates">Shares of positives of the first fold: fitted on, and scored at.</param>
/// <param name="Metrics">Each figure of the rows that every fold held back: of the first method, of this one, and the
/// difference with its paired interval. For the first method the difference is 0.</param>
/// <param name="Scores">Log-odds of each row that a fold held back, in the order of <see cref="RowScores.Labels"/>.</param>
public sealed record ImbalanceResult(
    ImbalanceChoice Choice, BaseRates Rates, IReadOnlyList<MetricComparison> Metrics, RowScores Scores);
