namespace Tandem.Learning.Calibration;

/// <summary>The never falling values that lie nearest to the labels, in squares: pool adjacent violators.</summary>
/// <remarks>M. Ayer and others, An empirical distribution function for sampling with incomplete information, 1955. Rows of
/// one score are one. O(rows log rows).</remarks>
internal static class Isotonic
{
    /// <summary>Fits.</summary>
    /// <returns>Scores, rising, with a value each; between two the values run straight, outside they stay.</returns>
    public static (double[] Knots, double[] Values) Fit(double[] x, bool[] isPositive, double[] weights)
    {
        int[] order = [.. Enumerable.Range(0, x.Length)];
        Array.Sort([.. x], order);
        List<Block> blocks = [];
        for (int at = 0; at < order.Length;)
        {
            double from = x[order[at]];
            double sum = 0;
            double weight = 0;
            for (; at < order.Length && x[order[at]] == from; at++)
            {
                sum += isPositive[order[at]] ? weights[order[at]] : 0;
                weight += weights[order[at]];
            }

            Block next = new(from, from, sum, weight);
            while (blocks.Count > 0 && blocks[^1].Value >= next.Value)
            {
                Block last = blocks[^1];
                blocks.RemoveAt(blocks.Count - 1);
                next = new Block(last.From, next.To, last.Sum + next.Sum, last.Weight + next.Weight);
            }

            blocks.Add(next);
        }

        List<double> knots = [];
        List<double> values = [];
        foreach (Block block in blocks)
        {
            knots.Add(block.From);
            values.Add(block.Value);
            if (block.To > block.From)
            {
                knots.Add(block.To);
                values.Add(block.Value);
            }
        }

        return ([.. knots], [.. values]);
    }

    private readonly record struct Block(double From, double To, double Sum, double Weight)
    {
        public double Value => Sum / Weight;
    }
}
