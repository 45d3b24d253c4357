namespace Tandem.Learning.Rows;

/// <summary>Rows by their probability: in bins of equal width, which hold their upper ends, to measure its error; in bins of as
/// many rows, to see it where probabilities are all small.</summary>
internal static class CalibrationBins
{
    public const int Default = 10;

    private const double Z95 = 1.9599639845400545;

    /// <summary>Bin of each probability.</summary>
    public static int[] Of(double[] probabilities, int binCount) => Array.ConvertAll(
        probabilities, probability => Math.Clamp((int)Math.Ceiling(probability * binCount) - 1, 0, binCount - 1));

    /// <summary>Σ over bins of their share of rows × |share that happened − mean probability|.</summary>
    public static RowStatistic Error(double[] probabilities, bool[] happened, int binCount)
    {
        int[] bins = Of(probabilities, binCount);
        return weights =>
        {
            Span<double> excess = binCount <= 256 ? stackalloc double[binCount] : new double[binCount];
            excess.Clear();
            double weightSum = 0;
            for (int row = 0; row < weights.Length; row++)
            {
                excess[bins[row]] += weights[row] * (probabilities[row] - (happened[row] ? 1 : 0));
                weightSum += weights[row];
            }

            double error = 0;
            foreach (double each in excess)
            {
                error += Math.Abs(each);
            }

            return weightSum > 0 ? error / weightSum : double.NaN;
        };
    }

    /// <summary>Bins of as many rows each, with Wilson's intervals of what happened; rows of one probability stay
    /// together.</summary>
    public static IReadOnlyList<ReliabilityBin> Describe(double[] probabilities, bool[] happened, int binCount)
    {
        int[] order = [.. Enumerable.Range(0, probabilities.Length)];
        Array.Sort([.. probabilities], order);
        List<ReliabilityBin> found = [];
        int start = 0;
        for (int bin = 1; bin <= binCount; bin++)
        {
            int end = (int)((long)order.Length * bin / binCount);
            while (end > start && end < order.Length && probabilities[order[end]] == probabilities[order[end - 1]])
            {
                end++;
            }

            if (end > start)
            {
                int[] rows = order[start..end];
                double observed = rows.Count(row => happened[row]) / (double)rows.Length;
                (double low, double high) = Wilson(observed, rows.Length);
                found.Add(new ReliabilityBin(
                    found.Count == 0 ? 0 : found[^1].High, probabilities[order[end - 1]], rows.Length,
                    rows.Average(row => probabilities[row]), observed, low, high));
                start = end;
            }
        }

        return found;
    }

    internal static (double Low, double High) Wilson(double share, int count)
    {
        double square = Z95 * Z95 / count;
        double centre = (share + (square / 2)) / (1 + square);
        double half = Z95 * Math.Sqrt((share * (1 - share) / count) + (square / (4.0 * count))) / (1 + square);
        return (Math.Max(0, centre - half), Math.Min(1, centre + half));
    }
}
