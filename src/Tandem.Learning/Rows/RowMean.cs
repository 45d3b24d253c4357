namespace Tandem.Learning.Rows;

/// <summary>Figures that are weighted means of a value a row.</summary>
internal static class RowMean
{
    public static RowStatistic Of(double[] values) => weights =>
    {
        double sum = 0;
        double weightSum = 0;
        for (int row = 0; row < weights.Length; row++)
        {
            sum += weights[row] * values[row];
            weightSum += weights[row];
        }

        return weightSum > 0 ? sum / weightSum : double.NaN;
    };

    /// <summary>The mean over some of the rows.</summary>
    public static RowStatistic Of(double[] values, int[] rows) => weights =>
    {
        double sum = 0;
        double weightSum = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            sum += weights[rows[i]] * values[i];
            weightSum += weights[rows[i]];
        }

        return weightSum > 0 ? sum / weightSum : double.NaN;
    };
}
