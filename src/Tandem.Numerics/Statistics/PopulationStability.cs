namespace Tandem.Numerics.Statistics;

/// <summary>The population stability index: how far shares of cells moved, Σ (qᵢ − pᵢ)·ln(qᵢ/pᵢ).</summary>
/// <remarks>Below 0.1 is commonly read as no change, above 0.25 as a major one. Its value without any change is about
/// (cells − 1)·(1/n + 1/m), so small samples need a look at their size first.</remarks>
public static class PopulationStability
{
    /// <summary>Cells used everywhere in Tandem: tenths of the reference.</summary>
    public const int Deciles = 10;

    private const double SmallestShare = 1e-4;

    /// <summary>The index over cells that each hold an equal share of the reference.</summary>
    /// <param name="reference">Reference sample, ascending, without NaN, not empty.</param>
    /// <param name="current">Current sample, ascending, without NaN, not empty.</param>
    /// <param name="cells">Cells to cut the reference into, at least 2; equal edges collapse into one.</param>
    /// <exception cref="ArgumentException">A sample is empty.</exception>
    /// <remarks>Edges are the reference's quantiles, interpolated; a cell holds its lower edge, the outer cells are
    /// open. O(cells·log n).</remarks>
    public static double OfSamples(
        ReadOnlySpan<double> reference, ReadOnlySpan<double> current, int cells = Deciles)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cells, 2);
        if (reference.IsEmpty || current.IsEmpty)
        {
            throw new ArgumentException("A sample is empty.", reference.IsEmpty ? nameof(reference) : nameof(current));
        }

        List<double> before = [];
        List<double> after = [];
        int referenceStart = 0;
        int currentStart = 0;
        double lastEdge = double.NegativeInfinity;
        for (int cell = 1; cell <= cells; cell++)
        {
            double edge = cell == cells ? double.PositiveInfinity : Quantile(reference, (double)cell / cells);
            if (edge == lastEdge)
            {
                continue;
            }

            int referenceEnd = cell == cells ? reference.Length : CountBelow(reference, edge);
            int currentEnd = cell == cells ? current.Length : CountBelow(current, edge);
            before.Add((double)(referenceEnd - referenceStart) / reference.Length);
            after.Add((double)(currentEnd - currentStart) / current.Length);
            (referenceStart, currentStart, lastEdge) = (referenceEnd, currentEnd, edge);
        }

        return OfShares(before.ToArray(), after.ToArray());
    }

    /// <summary>The index of given shares.</summary>
    /// <param name="reference">Shares of the cells in the reference, summing to 1.</param>
    /// <param name="current">Shares of the same cells now, summing to 1.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <remarks>An empty cell counts as 0.0001, or as a millionth of that side's smallest share where that is not above
    /// 0.0001.</remarks>
    public static double OfShares(ReadOnlySpan<double> reference, ReadOnlySpan<double> current)
    {
        if (reference.Length != current.Length)
        {
            throw new ArgumentException("The numbers of cells differ.", nameof(current));
        }

        double referenceFill = Fill(reference);
        double currentFill = Fill(current);
        double index = 0;
        for (int i = 0; i < reference.Length; i++)
        {
            double p = reference[i] > 0 ? reference[i] : referenceFill;
            double q = current[i] > 0 ? current[i] : currentFill;
            index += (q - p) * Math.Log(q / p);
        }

        return index;
    }

    private static double Fill(ReadOnlySpan<double> shares)
    {
        double smallest = double.PositiveInfinity;
        foreach (double share in shares)
        {
            smallest = share > 0 ? Math.Min(smallest, share) : smallest;
        }

        return smallest <= SmallestShare ? smallest / 1_000_000 : SmallestShare;
    }

    private static double Quantile(ReadOnlySpan<double> sorted, double share)
    {
        double at = share * (sorted.Length - 1);
        int below = (int)at;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((at - below) * (sorted[above] - sorted[below]));
    }

    private static int CountBelow(ReadOnlySpan<double> sorted, double edge)
    {
        int low = 0;
        int high = sorted.Length;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (sorted[middle] < edge)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
