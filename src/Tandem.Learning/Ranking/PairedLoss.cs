namespace Tandem.Learning.Ranking;

/// <summary>Mean loss a row of two models, and the difference, on the same resample of users.</summary>
internal sealed class PairedLoss(double[] champion, double[] challenger, int[] rows) : IResampleStatistics
{
    public void Compute(ReadOnlySpan<int> drawCounts, Span<double> values)
    {
        double first = 0;
        double second = 0;
        long count = 0;
        for (int user = 0; user < rows.Length; user++)
        {
            first += drawCounts[user] * champion[user];
            second += drawCounts[user] * challenger[user];
            count += (long)drawCounts[user] * rows[user];
        }

        values[PairedDifference.Champion] = first / Math.Max(1, count);
        values[PairedDifference.Challenger] = second / Math.Max(1, count);
        values[PairedDifference.Difference] = values[PairedDifference.Challenger] - values[PairedDifference.Champion];
    }
}
