namespace Tandem.Learning;

/// <summary>How well probabilities fit what became of rows.</summary>
/// <param name="Rows">Number of rows.</param>
/// <param name="PositiveShare">Share of positives.</param>
/// <param name="LogLoss">Mean −ln of the probability given to what happened; 0 is perfect.</param>
/// <param name="NormalisedEntropy">That, relative to always saying the share of positives: below 1 something was learned (He
/// and others, 2014).</param>
/// <param name="Auc">Probability that a positive scores above a negative, over all rows; 0.5 is chance.</param>
public sealed record RowFigures(
    int Rows, double PositiveShare, double LogLoss, double NormalisedEntropy, double Auc);
