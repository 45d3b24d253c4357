namespace Tandem.Learning;

/// <summary>Between log-odds and probabilities.</summary>
public static class LogOdds
{
    /// <summary>1 / (1 + e^−logOdds).</summary>
    /// <param name="logOdds">Any number.</param>
    public static double ToProbability(double logOdds) => 1 / (1 + Math.Exp(-logOdds));

    /// <summary>ln(p / (1 − p)); infinite at 0 and 1.</summary>
    /// <param name="probability">0 to 1.</param>
    public static double Of(double probability) => Math.Log(probability / (1 - probability));

    /// <summary>−ln of the probability that log-odds give to what happened.</summary>
    internal static double LossOf(double logOdds, bool isPositive)
    {
        double signed = isPositive ? -logOdds : logOdds;
        return Math.Max(signed, 0) + Math.Log(1 + Math.Exp(-Math.Abs(signed)));
    }
}
