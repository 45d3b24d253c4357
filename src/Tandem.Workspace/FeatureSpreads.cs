using Tandem.Monitoring.Drift;

namespace Tandem.Workspace;

/// <summary>Puts training and live values of a feature into the same bins.</summary>
internal static class FeatureSpreads
{
    private const int BinCount = 24;

    /// <summary>Compares two profiles of one feature; either may be null or empty.</summary>
    public static (FeatureSpread? Train, FeatureSpread? Live, IReadOnlyList<double> Edges) Of(
        FeatureProfile? train, FeatureProfile? live)
    {
        float[] all = [.. new[] { train, live }.OfType<FeatureProfile>().SelectMany(static profile => profile.Points)];
        Array.Sort(all);
        if (all.Length == 0)
        {
            return (SpreadOf(train, []), SpreadOf(live, []), []);
        }

        // The outermost hundredths share the outermost bins: a few huge values would flatten all others.
        double low = all[all.Length / 100];
        double high = all[^((all.Length / 100) + 1)];
        int bins = low == high ? 1 : BinCount;
        double[] edges = new double[bins + 1];
        for (int i = 0; i < edges.Length; i++)
        {
            edges[i] = low + ((high - low) * i / bins);
        }

        return (SpreadOf(train, edges), SpreadOf(live, edges), edges);
    }

    private static FeatureSpread? SpreadOf(FeatureProfile? profile, double[] edges)
    {
        if (profile is null)
        {
            return null;
        }

        IReadOnlyList<float> points = profile.Points;
        double[] shares = new double[Math.Max(0, edges.Length - 1)];
        foreach (float point in points)
        {
            double place = edges[^1] == edges[0] ? 0 : (point - edges[0]) / (edges[^1] - edges[0]) * shares.Length;
            shares[Math.Clamp((int)place, 0, shares.Length - 1)] += 1.0 / points.Count;
        }

        return new FeatureSpread(
            profile.Rows, profile.Rows == 0 ? 0 : (double)profile.Nulls / profile.Rows, At(0.5), At(0.05), At(0.95),
            shares);

        double? At(double quantile) =>
            points.Count == 0 ? null : points[Math.Min(points.Count - 1, (int)(quantile * points.Count))];
    }
}
