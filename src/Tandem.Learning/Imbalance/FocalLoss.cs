namespace Tandem.Learning.Imbalance;

/// <summary>The focal loss of one row, its slope and curvature, and the probability that its least point stands for.</summary>
/// <remarks>With s = ±score, the score towards the row's own class, and q = σ(s): L = −(1 − q)^γ·ln q. It passes over what is
/// easy. T.-Y. Lin and others, Focal loss for dense object detection, 2017. It is not proper, its least point is no
/// probability; <see cref="LogOdds"/> is the map to it: N. Charoenphakdee and others, On focal loss for class-posterior
/// probability estimation, 2021.</remarks>
internal static class FocalLoss
{
    /// <summary>Largest γ that is taken.</summary>
    public const double MostGamma = 10;

    /// <summary>The loss of a score towards the row's own class.</summary>
    public static double Loss(double score, double gamma) => Math.Pow(Miss(score), gamma) * SoftPlus(-score);

    /// <summary>dL/ds, below 0.</summary>
    public static double Slope(double score, double gamma)
    {
        // With u = 1 − q: −u^γ·(γ·(1 − u)·(−ln q) + u).
        double miss = Miss(score);
        return -Math.Pow(miss, gamma) * ((gamma * (1 - miss) * SoftPlus(-score)) + miss);
    }

    /// <summary>d²L/ds²; below 0 where the score is far off, as the loss is not convex.</summary>
    public static double Curvature(double score, double gamma)
    {
        double miss = Miss(score);
        return Math.Pow(miss, gamma) * (1 - miss)
            * ((gamma * ((gamma * (1 - miss)) - miss) * SoftPlus(-score)) + (((2 * gamma) + 1) * miss));
    }

    /// <summary>Log-odds of a positive where the least focal loss lies at a score.</summary>
    /// <remarks>The score s is least where p·L'(s) = (1 − p)·L'(−s), so that ln(p / (1 − p)) =
    /// (γ + 1)·s + ln(1 + γ·r(s)) − ln(1 + γ·r(−s)) with r(s) = ln(1 + e^s) / e^s.</remarks>
    public static double LogOdds(double score, double gamma) =>
        ((gamma + 1) * score) + Math.Log(1 + (gamma * Ratio(score))) - Math.Log(1 + (gamma * Ratio(-score)));

    private static double Ratio(double score) => score < -30 ? 1 : SoftPlus(score) * Math.Exp(-score);

    private static double Miss(double score) => 1 / (1 + Math.Exp(score));

    // ln(1 + e^x), exact for small e^x too.
    private static double SoftPlus(double x)
    {
        double small = Math.Exp(-Math.Abs(x));
        return Math.Max(x, 0) + (small < 1e-8 ? small : Math.Log(1 + small));
    }
}
