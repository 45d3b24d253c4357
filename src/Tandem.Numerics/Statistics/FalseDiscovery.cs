namespace Tandem.Numerics.Statistics;

/// <summary>Correction of many tests made together.</summary>
public static class FalseDiscovery
{
    /// <summary>Adjusts p-values so that rejecting those at or below α lets at most a share α of the rejections be
    /// wrong, on average (Benjamini and Hochberg, 1995).</summary>
    /// <param name="pValues">The tests' p-values, each in [0, 1].</param>
    /// <param name="adjusted">Receives the adjusted values in the same order, same length; must not overlap.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <remarks>The i-th smallest of n becomes the minimum over j ≥ i of p₍ⱼ₎·n/j, at most 1. O(n log n).</remarks>
    public static void Adjust(ReadOnlySpan<double> pValues, Span<double> adjusted)
    {
        if (pValues.Length != adjusted.Length)
        {
            throw new ArgumentException("The lengths differ.", nameof(adjusted));
        }

        int n = pValues.Length;
        double[] sorted = pValues.ToArray();
        int[] order = new int[n];
        for (int i = 0; i < n; i++)
        {
            order[i] = i;
        }

        Array.Sort(sorted, order);
        double smallest = 1;
        for (int i = n; i > 0; i--)
        {
            smallest = Math.Min(smallest, sorted[i - 1] * n / i);
            adjusted[order[i - 1]] = smallest;
        }
    }
}
