namespace Tandem.Learning.Trees;

/// <summary>Weighted means over rows.</summary>
internal static class RowWeights
{
    public static double Mean(LabelledRows rows, ReadOnlySpan<float> values)
    {
        double sum = 0;
        double weights = 0;
        for (int row = 0; row < values.Length; row++)
        {
            double weight = ColumnSample.WeightOf(rows, row);
            sum += weight * values[row];
            weights += weight;
        }

        return sum / weights;
    }

    public static double Mean(LabelledRows rows, ReadOnlySpan<int> some, Func<int, double> value)
    {
        double sum = 0;
        double weights = 0;
        foreach (int row in some)
        {
            double weight = ColumnSample.WeightOf(rows, row);
            sum += weight * value(row);
            weights += weight;
        }

        return sum / weights;
    }

    /// <summary>The value that so large a share of the weight lies at or below.</summary>
    public static double Quantile(float[] values, double[] weights, int count, double share)
    {
        Array.Sort(values, weights, 0, count);
        double all = 0;
        for (int i = 0; i < count; i++)
        {
            all += weights[i];
        }

        double below = 0;
        for (int i = 0; i < count; i++)
        {
            below += weights[i];
            if (below >= share * all)
            {
                return values[i];
            }
        }

        return count == 0 ? 0 : values[count - 1];
    }
}
