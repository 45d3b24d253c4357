namespace Tandem.Learning.Ranking;

/// <summary>Metrics of one model on a resample of its users: all, or those of the indices given.</summary>
internal sealed class ResampledMetrics(Judgement judgement, params int[] indices) : IResampleStatistics
{
    private readonly int[] _seen = new int[judgement.ItemCount];
    private int _stamp;

    public void Compute(ReadOnlySpan<int> drawCounts, Span<double> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            int index = indices.Length == 0 ? i : indices[i];
            RankingMetric metric = judgement.Metrics[index];
            values[i] = metric.Measure == RankingMeasure.Coverage
                ? Coverage(drawCounts, metric.K)
                : Mean(judgement.ValuesAt(index), drawCounts);
        }
    }

    /// <summary>Mean over users, each as often as drawn, in order of user.</summary>
    private static double Mean(ReadOnlySpan<double> values, ReadOnlySpan<int> drawCounts)
    {
        double sum = 0;
        for (int user = 0; user < values.Length; user++)
        {
            sum += drawCounts[user] * values[user];
        }

        return sum / values.Length;
    }

    /// <summary>Share of items in anybody's first k.</summary>
    private double Coverage(ReadOnlySpan<int> drawCounts, int k)
    {
        _stamp++;
        int distinct = 0;
        for (int user = 0; user < drawCounts.Length; user++)
        {
            if (drawCounts[user] == 0)
            {
                continue;
            }

            foreach (int item in judgement.ListOf(user, k))
            {
                if (_seen[item] != _stamp)
                {
                    _seen[item] = _stamp;
                    distinct++;
                }
            }
        }

        return (double)distinct / _seen.Length;
    }
}
