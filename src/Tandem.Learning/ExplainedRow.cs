namespace Tandem.Learning;

/// <summary>Why a model says what it says of one row of a table.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Row">Number of the row among those read, from 1.</param>
/// <param name="IsLearned">True where the model had learned from the row.</param>
/// <param name="Values">The row's features as they were read, by name; what is missing is left out.</param>
/// <param name="Scores">An explanation a score, by name: <c>log_odds</c>, <c>number</c>, <c>order</c>, a class, a head, a
/// quantile such as <c>q0.9</c>.</param>
public sealed record ExplainedRow(
    string Model, int Row, bool IsLearned, IReadOnlyDictionary<string, string> Values,
    IReadOnlyDictionary<string, Explanation> Scores);
