namespace Tandem.Features.Evaluation;

/// <summary>Quantiles of any number of values in buckets whose borders grow by 2 %: DDSketch (Masson, Rim and Lee,
/// 2019). A quantile is within 1 % of the true value.</summary>
/// <remarks>Buckets hold whole counts, so the order of values changes nothing: online and offline agree to the last bit,
/// which a sketch of sampled values (KLL, t-digest) could not promise. At most 143,000 buckets over all doubles; values
/// between a thousandth and a million need 1,400.</remarks>
internal static class QuantileSketch
{
    private const double Accuracy = 0.01;
    private const double Gamma = (1 + Accuracy) / (1 - Accuracy);

    /// <summary>Beyond the bucket of any double, so that keys of positive numbers are positive.</summary>
    private const int Middle = 40_000;

    private static readonly double LogGamma = Math.Log(Gamma);

    /// <summary>Bucket of a value; buckets are in the order of their values.</summary>
    public static int KeyOf(double value) => value == 0
        ? 0
        : Math.Sign(value) * (Middle + (int)Math.Ceiling(Math.Log(Math.Abs(value)) / LogGamma));

    /// <summary>Gives the value at a rank.</summary>
    /// <param name="counts">Buckets with how many values lie in each; at least one value.</param>
    /// <param name="quantile">0 to 1.</param>
    public static double ValueAt(Dictionary<int, int> counts, double quantile)
    {
        Span<int> keys = counts.Count <= 1024 ? stackalloc int[counts.Count] : new int[counts.Count];
        int filled = 0;
        long total = 0;
        foreach ((int key, int count) in counts)
        {
            keys[filled++] = key;
            total += count;
        }

        keys.Sort();
        long rank = Rank(quantile, total);
        int at = 0;
        for (long before = counts[keys[0]]; before <= rank; before += counts[keys[at]])
        {
            at++;
        }

        return ValueOf(keys[at]);
    }

    /// <summary>Gives the value that stands for the bucket of a value.</summary>
    public static double Round(double value) => ValueOf(KeyOf(value));

    /// <summary>Index of a quantile among sorted values: the nearest rank, ⌈q·n⌉ counted from 1.</summary>
    public static long Rank(double quantile, long count) =>
        Math.Clamp((long)Math.Ceiling(quantile * count) - 1, 0, count - 1);

    private static double ValueOf(int key) => key == 0
        ? 0
        : Math.Sign(key) * 2 * Math.Pow(Gamma, Math.Abs(key) - Middle) / (Gamma + 1);
}
