namespace Tandem.Numerics.Statistics;

/// <summary>Quantiles of sorted values, linear between neighbours: type 7 of Hyndman and Fan (1996), the default of NumPy
/// and R.</summary>
public static class SortedQuantile
{
    /// <summary>Gives the value below which a share of the others lies.</summary>
    /// <param name="sorted">Values, rising, at least one.</param>
    /// <param name="share">The share, 0 to 1.</param>
    public static double Of(ReadOnlySpan<float> sorted, double share)
    {
        ArgumentOutOfRangeException.ThrowIfZero(sorted.Length, nameof(sorted));
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * ((double)sorted[above] - sorted[below]));
    }
}
