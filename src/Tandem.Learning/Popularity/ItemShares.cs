namespace Tandem.Learning.Popularity;

/// <summary>Each item's share of all rows, the prior of every model here.</summary>
internal static class ItemShares
{
    /// <summary>Factor that makes shares too small to change an order, and large enough to settle a tie.</summary>
    public const float TieBreak = 1e-6f;

    /// <summary>Weighted share of each item; all zero where the weights are.</summary>
    public static float[] Count(Interactions rows, ReadOnlySpan<float> weights)
    {
        double[] sums = new double[rows.ItemCount];
        double total = 0;
        for (int row = 0; row < rows.Count; row++)
        {
            sums[rows.Items[row]] += weights[row];
            total += weights[row];
        }

        float[] shares = new float[rows.ItemCount];
        for (int item = 0; item < shares.Length && total > 0; item++)
        {
            shares[item] = (float)(sums[item] / total);
        }

        return shares;
    }

    /// <summary>Unweighted shares, made small: added to scores they order what would tie, by popularity.</summary>
    public static float[] CountAsTieBreak(Interactions rows)
    {
        float[] shares = Count(rows, Ageing.WeighRows(rows, halfLifeDays: 0));
        Tandem.Numerics.Kernel.Scale(TieBreak, shares);
        return shares;
    }
}
