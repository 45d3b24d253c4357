namespace Tandem.Learning.Imbalance;

/// <summary>Positives weigh more. What that does to the scores is a shift, which is taken back: C. Elkan, The foundations of
/// cost-sensitive learning, 2001.</summary>
internal static class ClassWeights
{
    /// <summary>Setting: weight of a positive.</summary>
    public const string Positive = "positive";

    public static TrainingRows Make(ImbalanceWork work)
    {
        LabelledRows rows = work.Rows;
        double[] sums = new double[2];
        for (int row = 0; row < rows.Count; row++)
        {
            sums[rows.Labels[row] > 0 ? 1 : 0] += WeightOf(rows, row);
        }

        // Balanced: both classes weigh half of what all did.
        double given = work.Values.Number(Positive);
        double[] factors = given > 0
            ? [1, given]
            : [(sums[0] + sums[1]) / (2 * sums[0]), (sums[0] + sums[1]) / (2 * sums[1])];
        float[] weights = new float[rows.Count];
        for (int row = 0; row < weights.Length; row++)
        {
            weights[row] = (float)(WeightOf(rows, row) * factors[rows.Labels[row] > 0 ? 1 : 0]);
        }

        return TrainingRows.Made(rows, rows with { Weights = weights });
    }

    public static float WeightOf(LabelledRows rows, int row) => rows.Weights.Length == 0 ? 1 : rows.Weights[row];
}
