namespace Tandem.Numerics.Statistics;

/// <summary>The normal distribution with mean 0 and standard deviation 1.</summary>
public static class StandardNormal
{
    private const double TailStart = 3;
    private const int FractionDepth = 100;

    /// <summary>Probability that a value is at most <paramref name="x"/>.</summary>
    /// <param name="x">Any number; NaN gives NaN.</param>
    public static double Cdf(double x) => Survival(-x);

    /// <summary>Probability that a value is above <paramref name="x"/>: 1 − Φ(x), exact to about 13 digits also far out
    /// in the upper tail.</summary>
    /// <param name="x">Any number; NaN gives NaN.</param>
    /// <remarks>Near the middle Φ(x) = ½ + φ(x)·(x + x³/3 + x⁵/(3·5) + …); in the tail Mills' ratio as a continued
    /// fraction, (1 − Φ(x))/φ(x) = 1/(x + 1/(x + 2/(x + 3/(x + …)))).</remarks>
    public static double Survival(double x)
    {
        if (double.IsNaN(x))
        {
            return double.NaN;
        }

        double magnitude = Math.Abs(x);
        double density = Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI);
        double upper = magnitude < TailStart ? 0.5 - (density * OddSeries(magnitude)) : density * MillsRatio(magnitude);
        return x < 0 ? 1 - upper : upper;
    }

    private static double OddSeries(double x)
    {
        double sum = 0;
        double term = x;
        for (int k = 3; sum + term != sum; k += 2)
        {
            sum += term;
            term *= x * x / k;
        }

        return sum;
    }

    private static double MillsRatio(double x)
    {
        double fraction = x;
        for (int k = FractionDepth; k > 0; k--)
        {
            fraction = x + (k / fraction);
        }

        return 1 / fraction;
    }
}
