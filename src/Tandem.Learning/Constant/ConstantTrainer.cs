namespace Tandem.Learning.Constant;

/// <summary>Finds what is best said of rows of which nothing is known: the least point of each target's loss.</summary>
internal static class ConstantTrainer
{
    public static ConstantModel Fit(LabelledRows rows) => new(
        rows.DenseCount, rows.SparseCount, rows.Target,
        rows.Target.Kind switch
        {
            RowTargetKind.Binary or RowTargetKind.Multilabel =>
                [.. Enumerable.Range(0, rows.Target.LabelCount).Select(head => LogOdds(Mean(rows, head), rows.Count))],
            RowTargetKind.Multiclass => Shares(rows),
            RowTargetKind.Number => [(float)Mean(rows, 0)],

            // A count of which none was seen is taken for half of one in all rows.
            RowTargetKind.Count => [(float)Math.Log(Math.Max(Mean(rows, 0), 0.5 / rows.Count))],
            RowTargetKind.Quantile => Quantiles(rows),
            _ => [0],
        });

    private static double Mean(LabelledRows rows, int head)
    {
        double sum = 0;
        double weights = 0;
        for (int row = 0; row < rows.Count; row++)
        {
            double weight = WeightOf(rows, row);
            sum += weight * rows.Labels[(row * rows.Target.LabelCount) + head];
            weights += weight;
        }

        return sum / weights;
    }

    /// <summary>What happened always, or never, is taken for half a row short of that.</summary>
    private static float LogOdds(double rate, int count)
    {
        double drawn = Math.Clamp(rate, 0.5 / count, 1 - (0.5 / count));
        return (float)Math.Log(drawn / (1 - drawn));
    }

    private static float[] Shares(LabelledRows rows)
    {
        double[] weights = new double[rows.Target.Classes];
        for (int row = 0; row < rows.Count; row++)
        {
            weights[(int)rows.Labels[row]] += WeightOf(rows, row);
        }

        double all = weights.Sum();
        return [.. weights.Select(weight => (float)Math.Log(Math.Max(weight / all, 0.5 / rows.Count)))];
    }

    /// <summary>For each quantile the first label that so large a share of the weight is not above.</summary>
    private static float[] Quantiles(LabelledRows rows)
    {
        int[] order = [.. Enumerable.Range(0, rows.Count).OrderBy(row => rows.Labels[row])];
        double all = order.Sum(row => WeightOf(rows, row));
        float[] found = new float[rows.Target.Quantiles.Count];
        for (int i = 0; i < found.Length; i++)
        {
            double below = 0;
            int at = -1;
            do
            {
                below += WeightOf(rows, order[++at]);
            }
            while (at < order.Length - 1 && below < rows.Target.Quantiles[i] * all);
            found[i] = rows.Labels[order[at]];
        }

        return found;
    }

    private static double WeightOf(LabelledRows rows, int row) => rows.Weights.Length == 0 ? 1 : rows.Weights[row];
}
