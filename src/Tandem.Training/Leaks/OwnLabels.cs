using Tandem.Features;

namespace Tandem.Training.Leaks;

/// <summary>Finds columns that are the rate of positives of a group of rows, each row's own label included: target
/// encodings that were made without leaving the row out.</summary>
/// <remarks>For each entity and a range of smoothings, a column is correlated with the rate (positives + a·overall) / (rows +
/// a) of the entity's rows: with the row itself, without it, and of the earlier ones alone. A column that follows the first
/// almost exactly, and the other two clearly less, can have its values from nowhere but the labels of the very rows.
/// O(features · entities · rows).</remarks>
internal static class OwnLabels
{
    private const double AlmostExactly = 0.9999;

    // What the others leave unexplained is so many times what the column's own rows leave, and not nothing.
    private const double ClearlyLess = 10;
    private const double Something = 1e-3;

    private static readonly double[] Strengths = [0, 1, 2, 5, 10, 20, 50, 100];

    /// <summary>A column that follows its rows' own labels.</summary>
    /// <param name="Entity">The entity whose rows it follows.</param>
    /// <param name="Own">Correlation with their rate.</param>
    /// <param name="Others">With that of the other rows.</param>
    /// <param name="Earlier">With that of the earlier rows.</param>
    /// <param name="Row">A row of an entity that has both labels.</param>
    public readonly record struct Finding(string Entity, double Own, double Others, double Earlier, int Row);

    /// <summary>Checks a column; null where nothing is found.</summary>
    public static Finding? Find(TrainingSet set, int column)
    {
        float[] labels = set.Spine.Labels;
        float[] values = set.Column(column);
        for (int entity = 0; entity < set.Spine.Entities.Count; entity++)
        {
            int[] groups = GroupsOf(set.Spine.Ids[entity], values);
            foreach (double strength in Strengths)
            {
                (double[] own, double[] others, double[] earlier) = Rates(set.Spine.Times, labels, groups, strength);
                double alone = Math.Abs(Correlation(values, own));
                double left = 1 - (alone * alone);
                if (alone < AlmostExactly)
                {
                    continue;
                }

                double without = Math.Abs(Correlation(values, others));
                double before = Math.Abs(Correlation(values, earlier));
                double best = Math.Max(without, before);
                if (1 - (best * best) > Math.Max(Something, ClearlyLess * left))
                {
                    int row = Array.FindIndex(groups, group => group >= 0);
                    return new Finding(set.Spine.Entities[entity], alone, without, before, row);
                }
            }
        }

        return null;
    }

    /// <summary>Number of each row's group; -1 where the column has no value or nobody else shares the id.</summary>
    private static int[] GroupsOf(string[] ids, float[] values)
    {
        EntityIndex index = new();
        int[] groups = [.. ids.Select((id, row) => float.IsFinite(values[row]) ? index.FindOrAdd(id) : -1)];
        int[] counts = new int[index.Count];
        foreach (int group in groups.Where(static group => group >= 0))
        {
            counts[group]++;
        }

        return [.. groups.Select(group => group >= 0 && counts[group] > 1 ? group : -1)];
    }

    private static (double[] Own, double[] Others, double[] Earlier) Rates(
        long[] times, float[] labels, int[] groups, double strength)
    {
        int groupCount = groups.Length == 0 ? 0 : groups.Max() + 1;
        double[] sums = new double[groupCount];
        int[] counts = new int[groupCount];
        double total = 0;
        int rows = 0;
        for (int row = 0; row < groups.Length; row++)
        {
            if (groups[row] >= 0)
            {
                sums[groups[row]] += labels[row];
                counts[groups[row]]++;
                total += labels[row];
                rows++;
            }
        }

        double overall = rows == 0 ? 0 : total / rows;
        double[] own = new double[groups.Length];
        double[] others = new double[groups.Length];
        double[] earlier = new double[groups.Length];
        double[] sumsBefore = new double[groupCount];
        int[] countsBefore = new int[groupCount];
        foreach (int row in Enumerable.Range(0, groups.Length).OrderBy(row => times[row]))
        {
            int group = groups[row];
            if (group < 0)
            {
                own[row] = others[row] = earlier[row] = double.NaN;
                continue;
            }

            own[row] = Rate(sums[group], counts[group]);
            others[row] = Rate(sums[group] - labels[row], counts[group] - 1);
            earlier[row] = Rate(sumsBefore[group], countsBefore[group]);
            sumsBefore[group] += labels[row];
            countsBefore[group]++;
        }

        return (own, others, earlier);

        double Rate(double sum, int count) =>
            count + strength == 0 ? overall : (sum + (strength * overall)) / (count + strength);
    }

    /// <summary>Pearson's correlation over the rows that have a rate; 0 where either side is constant.</summary>
    private static double Correlation(float[] values, double[] rates)
    {
        int count = 0;
        double meanX = 0;
        double meanY = 0;
        for (int row = 0; row < rates.Length; row++)
        {
            if (!double.IsNaN(rates[row]))
            {
                count++;
                meanX += values[row];
                meanY += rates[row];
            }
        }

        meanX /= Math.Max(1, count);
        meanY /= Math.Max(1, count);
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int row = 0; row < rates.Length; row++)
        {
            if (!double.IsNaN(rates[row]))
            {
                double x = values[row] - meanX;
                double y = rates[row] - meanY;
                xy += x * y;
                xx += x * x;
                yy += y * y;
            }
        }

        return xx > 0 && yy > 0 ? xy / Math.Sqrt(xx * yy) : 0;
    }
}
