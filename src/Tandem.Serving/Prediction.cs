using Tandem.Learning;

namespace Tandem.Serving;

/// <summary>What is predicted of one item.</summary>
/// <param name="Id">Item id.</param>
/// <param name="Probability">Probability of a positive within the label's window, from 0 to 1.</param>
/// <param name="Decision">What the design's rule does about it: <c>act</c>, <c>pass</c> or <c>abstain</c>; null where it has
/// none.</param>
public sealed record Prediction(string Id, float Probability, string? Decision = null)
{
    /// <summary>What the features add to the log-odds, where it was asked for; else null.</summary>
    public Explanation? Explanation { get; init; }
}
