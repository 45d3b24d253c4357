namespace Tandem.Serving;

/// <summary>What is predicted of one item.</summary>
/// <param name="Id">Item id.</param>
/// <param name="Probability">Probability of a positive within the label's window, from 0 to 1.</param>
public sealed record Prediction(string Id, float Probability);
