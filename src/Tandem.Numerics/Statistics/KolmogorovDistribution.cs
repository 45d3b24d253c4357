namespace Tandem.Numerics.Statistics;

/// <summary>The limit distribution of √n·D, where D is the Kolmogorov–Smirnov distance of a sample of n.</summary>
public static class KolmogorovDistribution
{
    // Where both series need few terms.
    private const double Middle = 1.18;

    /// <summary>Probability that √n·D exceeds <paramref name="x"/>.</summary>
    /// <param name="x">Any number; 0 and below give 1.</param>
    /// <remarks>Q(x) = 2·Σ (−1)^(k−1)·exp(−2k²x²) above 1.18, else 1 − √(2π)/x·Σ exp(−(2k−1)²π²/(8x²)).</remarks>
    public static double Survival(double x)
    {
        if (x <= 0)
        {
            return 1;
        }

        return x < Middle ? 1 - LowerTail(x) : UpperTail(x);
    }

    private static double UpperTail(double x)
    {
        double sum = 0;
        for (int k = 5; k > 0; k--)
        {
            double sign = (k % 2) == 0 ? -1 : 1;
            sum += sign * Math.Exp(-2.0 * k * k * x * x);
        }

        return Math.Min(1, 2 * sum);
    }

    private static double LowerTail(double x)
    {
        double sum = 0;
        for (int k = 5; k > 0; k--)
        {
            double odd = (2 * k) - 1;
            sum += Math.Exp(-odd * odd * Math.PI * Math.PI / (8 * x * x));
        }

        return Math.Sqrt(2 * Math.PI) / x * sum;
    }
}
