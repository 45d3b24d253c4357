namespace Tandem.Learning.Imbalance;

/// <summary>What a method for rare positives came to, beside the first of the methods that were compared.</summary>
/// <param name="Choice">The method.</param>
/// <param name="Rates">Shares of positives of the first fold: fitted on, and scored at.</param>
/// <param name="Metrics">Each figure of the rows that judge, of all folds together: of the first method, of this one, and the
/// difference with its paired interval. For the first method the difference is 0.</param>
/// <param name="Scores">Log-odds of the rows that judge, fold by fold.</param>
public sealed record ImbalanceResult(
    ImbalanceChoice Choice, BaseRates Rates, IReadOnlyList<MetricComparison> Metrics, RowScores Scores);
