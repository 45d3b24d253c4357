using Tandem.Numerics;

namespace Tandem.Learning.Trees;

/// <summary>Looks at a column's values to choose its bins: at all of them while they are few different ones, else at a
/// sample of the rows.</summary>
internal static class ColumnSample
{
    private const int SampledRows = 100_000;

    /// <summary>Which rows are looked at, ascending, or null for all.</summary>
    public static int[]? Draw(int rows, ulong seed)
    {
        if (rows <= SampledRows)
        {
            return null;
        }

        SeededRandom random = new(seed, stream: 1);
        int[] drawn = new int[SampledRows];
        for (int row = 0, count = 0; count < drawn.Length; row++)
        {
            if (random.NextInt(rows - row) < drawn.Length - count)
            {
                drawn[count++] = row;
            }
        }

        return drawn;
    }

    /// <summary>The bins of a dense column.</summary>
    public static ColumnBins Bins(LabelledRows rows, int column, int[]? sample, BoostedTreesOptions options)
    {
        bool isCategory = rows.Categories.Length > 0 && rows.Categories[column] > 0;
        int limit = isCategory ? int.MaxValue : options.Bins;
        Dictionary<float, double> weights = [];
        for (int row = 0; row < rows.Count && weights.Count <= limit; row++)
        {
            Add(weights, rows.Dense[(row * rows.DenseCount) + column], WeightOf(rows, row));
        }

        if (isCategory)
        {
            return new ColumnBins(column, ColumnCuts.ChooseCategories(weights, options.Bins));
        }

        if (weights.Count <= options.Bins)
        {
            return new ColumnBins(column, Cuts(weights, options.Bins));
        }

        int looked = sample?.Length ?? rows.Count;
        List<float> values = new(looked);
        List<double> each = [];
        for (int i = 0; i < looked; i++)
        {
            int row = sample?[i] ?? i;
            float value = rows.Dense[(row * rows.DenseCount) + column];
            if (!float.IsNaN(value))
            {
                values.Add(value);
                if (rows.Weights.Length > 0)
                {
                    each.Add(rows.Weights[row]);
                }
            }
        }

        return new ColumnBins(column, Cuts([.. values], [.. each], options.Bins));
    }

    /// <summary>Cuts between the values of a column whose weights were summed.</summary>
    public static float[] Cuts(Dictionary<float, double> weights, int bins)
    {
        float[] values = [.. weights.Keys];
        double[] each = [.. values.Select(value => weights[value])];
        Array.Sort(values, each);
        return ColumnCuts.Choose(values, each, bins);
    }

    /// <summary>Cuts at quantiles of many values; without weights, all weigh 1.</summary>
    private static float[] Cuts(float[] values, double[] weights, int bins)
    {
        if (weights.Length == 0)
        {
            // Sorting numbers alone takes half the time.
            Array.Sort(values);
            weights = new double[values.Length];
            Array.Fill(weights, 1);
        }
        else
        {
            Array.Sort(values, weights);
        }

        int count = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] == values[count])
            {
                weights[count] += weights[i];
            }
            else
            {
                values[++count] = values[i];
                weights[count] = weights[i];
            }
        }

        int distinct = Math.Min(values.Length, count + 1);
        return ColumnCuts.Choose(values.AsSpan(0, distinct), weights.AsSpan(0, distinct), bins);
    }

    public static float WeightOf(LabelledRows rows, int row) => rows.Weights.Length == 0 ? 1 : rows.Weights[row];

    private static void Add(Dictionary<float, double> weights, float value, double weight)
    {
        if (!float.IsNaN(value))
        {
            weights[value] = weights.GetValueOrDefault(value) + weight;
        }
    }
}
