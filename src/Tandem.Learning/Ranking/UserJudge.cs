using System.Diagnostics;
using Tandem.Numerics;

namespace Tandem.Learning.Ranking;

/// <summary>Ranks all items for one user after another and measures where the right ones are. One a worker.</summary>
internal sealed class UserJudge
{
    private readonly IReadOnlyList<RankingMetric> _metrics;
    private readonly double[] _surprise;
    private readonly bool[] _isRight;
    private readonly int[] _top;

    /// <param name="metrics">What to measure.</param>
    /// <param name="surprise">−log₂ of each item's share of the training rows.</param>
    /// <param name="topLength">Length of the lists, the largest k.</param>
    public UserJudge(IReadOnlyList<RankingMetric> metrics, double[] surprise, int topLength)
    {
        _metrics = metrics;
        _surprise = surprise;
        _isRight = new bool[surprise.Length];
        _top = new int[topLength];
    }

    /// <summary>Measures one user.</summary>
    /// <param name="scores">The model's scores of all items; those of the history are overwritten.</param>
    /// <param name="history">Items that are not ranked.</param>
    /// <param name="right">Items that count as right, distinct, none in the history.</param>
    /// <param name="values">Receives one figure a metric; coverage gets 0.</param>
    /// <returns>The user's list, best first, valid until the next call.</returns>
    public ReadOnlySpan<int> Judge(
        Span<float> scores, ReadOnlySpan<int> history, ReadOnlySpan<int> right, Span<double> values)
    {
        foreach (int item in history)
        {
            scores[item] = float.NegativeInfinity;
        }

        foreach (int item in right)
        {
            _isRight[item] = true;
        }

        ReadOnlySpan<int> top = _top.AsSpan(0, TopK.Select(scores, _top));
        for (int i = 0; i < values.Length; i++)
        {
            RankingMetric metric = _metrics[i];
            ReadOnlySpan<int> list = top[..Math.Min(metric.K, top.Length)];
            values[i] = metric.Measure switch
            {
                RankingMeasure.Recall => (double)CountHits(list) / right.Length,
                RankingMeasure.Ndcg => Gain(list) / BestGain(Math.Min(metric.K, right.Length)),
                RankingMeasure.HitRate => CountHits(list) > 0 ? 1 : 0,
                RankingMeasure.Mrr => ReciprocalRank(scores, right),
                RankingMeasure.Coverage => 0,
                RankingMeasure.Novelty => MeanSurprise(list),
                _ => throw new UnreachableException(),
            };
        }

        foreach (int item in right)
        {
            _isRight[item] = false;
        }

        return top;
    }

    private int CountHits(ReadOnlySpan<int> list)
    {
        int hits = 0;
        foreach (int item in list)
        {
            hits += _isRight[item] ? 1 : 0;
        }

        return hits;
    }

    /// <summary>Σ 1 / log₂(rank + 1) over the right items in the list.</summary>
    private double Gain(ReadOnlySpan<int> list)
    {
        double gain = 0;
        for (int rank = 1; rank <= list.Length; rank++)
        {
            gain += _isRight[list[rank - 1]] ? 1 / Math.Log2(rank + 1) : 0;
        }

        return gain;
    }

    private static double BestGain(int count)
    {
        double gain = 0;
        for (int rank = 1; rank <= count; rank++)
        {
            gain += 1 / Math.Log2(rank + 1);
        }

        return gain;
    }

    private static double ReciprocalRank(ReadOnlySpan<float> scores, ReadOnlySpan<int> right)
    {
        int best = right[0];
        foreach (int item in right)
        {
            if (scores[item] > scores[best] || (scores[item] == scores[best] && item < best))
            {
                best = item;
            }
        }

        return scores[best] > float.NegativeInfinity ? 1.0 / TopK.RankOf(scores, best) : 0;
    }

    private double MeanSurprise(ReadOnlySpan<int> list)
    {
        double sum = 0;
        foreach (int item in list)
        {
            sum += _surprise[item];
        }

        return list.IsEmpty ? 0 : sum / list.Length;
    }
}
