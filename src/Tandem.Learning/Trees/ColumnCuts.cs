namespace Tandem.Learning.Trees;

/// <summary>Chooses where the bins of a column end.</summary>
internal static class ColumnCuts
{
    /// <summary>Cuts halfway between values where there are few enough, else at weighted quantiles.</summary>
    /// <param name="values">Distinct values, ascending.</param>
    /// <param name="weights">Weight of each.</param>
    /// <param name="bins">Bins at most, ≥ 2.</param>
    public static float[] Choose(ReadOnlySpan<float> values, ReadOnlySpan<double> weights, int bins)
    {
        List<float> cuts = [];
        double left = 0;
        foreach (double weight in weights)
        {
            left += weight;
        }

        double taken = 0;
        int binsLeft = bins;
        for (int i = 0; i + 1 < values.Length && binsLeft > 1; i++)
        {
            taken += weights[i];
            int valuesLeft = values.Length - i - 1;

            // A bin ends where it comes nearest to an even share of what is left, so a heavy value has one to itself.
            if (valuesLeft < binsLeft || taken + (weights[i + 1] / 2) >= left / binsLeft)
            {
                cuts.Add(Between(values[i], values[i + 1]));
                left -= taken;
                taken = 0;
                binsLeft--;
            }
        }

        return [.. cuts];
    }

    /// <summary>The most frequent categories, each a bin.</summary>
    public static int[] ChooseCategories(IReadOnlyDictionary<float, double> weights, int bins) =>
    [
        .. weights.Where(static pair => pair.Key is >= 0 and < int.MaxValue)
            .GroupBy(static pair => (int)pair.Key, static pair => pair.Value)
            .Select(static group => (Category: group.Key, Weight: group.Sum()))
            .OrderByDescending(static each => each.Weight).ThenBy(static each => each.Category)
            .Take(Math.Min(bins, 255) - 1).Select(static each => each.Category),
    ];

    /// <summary>A number from a up to, but not, b.</summary>
    private static float Between(float a, float b)
    {
        float middle = (float)((a + (double)b) / 2);
        return middle >= a && middle < b ? middle : a;
    }
}
