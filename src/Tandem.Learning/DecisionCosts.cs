namespace Tandem.Learning;

/// <summary>What each outcome of a decision costs, in any one unit; gains are below zero.</summary>
/// <param name="FalsePositive">Acting on a negative.</param>
/// <param name="FalseNegative">Passing a positive.</param>
public sealed record DecisionCosts(double FalsePositive, double FalseNegative)
{
    /// <summary>Acting on a positive, default 0.</summary>
    public double TruePositive { get; init; }

    /// <summary>Passing a negative, default 0.</summary>
    public double TrueNegative { get; init; }

    /// <summary>Abstaining, whatever the row is, default 0.</summary>
    public double Abstain { get; init; }

    /// <summary>The probability from which on acting is expected to cost no more than passing: (FP − TN) / (FP − TN + FN − TP)
    /// of calibrated probabilities.</summary>
    /// <remarks>C. Elkan, The foundations of cost-sensitive learning, 2001. Where acting wrongly costs nothing it is 0, where
    /// passing wrongly costs nothing 1.</remarks>
    public double Threshold
    {
        get
        {
            double wrongAct = Math.Max(0, FalsePositive - TrueNegative);
            double wrongPass = Math.Max(0, FalseNegative - TruePositive);
            return wrongAct == 0 ? 0 : wrongAct / (wrongAct + wrongPass);
        }
    }

    /// <summary>Cost of a decision.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="isPositive">What the row was.</param>
    public double Of(Decision decision, bool isPositive) => (decision, isPositive) switch
    {
        (Decision.Act, true) => TruePositive,
        (Decision.Act, false) => FalsePositive,
        (Decision.Pass, true) => FalseNegative,
        (Decision.Pass, false) => TrueNegative,
        _ => Abstain,
    };
}
