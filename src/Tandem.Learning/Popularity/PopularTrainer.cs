using Tandem.Numerics;

namespace Tandem.Learning.Popularity;

/// <summary>Counts items.</summary>
public static class PopularTrainer
{
    /// <summary>Counts each item's share of the rows in the window, weighted by age.</summary>
    /// <param name="rows">Training rows; ages are ignored where the options do not ask for them.</param>
    /// <param name="options">Window and half-life.</param>
    /// <param name="kind">Name that the model bears: <c>popular</c> or <c>popular_windowed</c>.</param>
    /// <returns>The model. With a window or half-life, the share over all time, times 10⁻⁶, settles ties and orders
    /// items that the window has not seen.</returns>
    /// <remarks>O(rows).</remarks>
    public static PopularModel Fit(Interactions rows, PopularOptions options, string kind)
    {
        float[] weights = Ageing.WeighRows(rows, options.HalfLifeDays);
        for (int row = 0; row < rows.AgeDays.Length && options.WindowDays > 0; row++)
        {
            if (rows.AgeDays[row] > options.WindowDays)
            {
                weights[row] = 0;
            }
        }

        float[] scores = ItemShares.Count(rows, weights);
        if (options.IsWindowed)
        {
            Kernel.AddScaled(1, ItemShares.CountAsTieBreak(rows), scores);
        }

        return new PopularModel(kind, scores);
    }
}
