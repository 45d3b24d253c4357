using System.Diagnostics;
using Tandem.Numerics;

namespace Tandem.Learning.Ranking;

/// <summary>Ranks all items for one user after another and measures where the right ones are. One a worker.</summary>
internal sealed class UserJudge
{
    private readonly IReadOnlyList<RankingMetric> _metrics;
    private readonly ItemPopularity _popularity;
    private readonly bool[] _isRight;
    private readonly int[] _top;
    private readonly int _sampledItems;
    private readonly ulong _seed;
    private readonly float[] _drawn;

    /// <param name="metrics">What to measure.</param>
    /// <param name="popularity">Popularity of the items.</param>
    /// <param name="topLength">Length of the lists, the largest k.</param>
    /// <param name="options">Whether items are sampled, and the seed.</param>
    public UserJudge(
        IReadOnlyList<RankingMetric> metrics, ItemPopularity popularity, int topLength, EvaluationOptions options)
    {
        _metrics = metrics;
        _popularity = popularity;
        _isRight = new bool[popularity.Counts.Length];
        _top = new int[topLength];
        _sampledItems = options.SampledItems;
        _seed = options.Seed;
        _drawn = new float[options.SampledItems == 0 ? 0 : _isRight.Length];
    }

    /// <summary>Measures one user.</summary>
    /// <param name="scores">The model's scores of all items; those of the history are overwritten.</param>
    /// <param name="history">Items that are not ranked.</param>
    /// <param name="right">Items that count as right, distinct, none in the history.</param>
    /// <param name="user">The user, who fixes what is sampled.</param>
    /// <param name="values">Receives one figure a metric; coverage gets 0.</param>
    /// <returns>The user's list, best first, valid until the next call.</returns>
    public ReadOnlySpan<int> Judge(
        Span<float> scores, ReadOnlySpan<int> history, ReadOnlySpan<int> right, int user,
        Span<double> values)
    {
        foreach (int item in history)
        {
            scores[item] = float.NegativeInfinity;
        }

        foreach (int item in right)
        {
            _isRight[item] = true;
        }

        if (_sampledItems > 0)
        {
            KeepSampled(scores, right, user);
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
                RankingMeasure.Novelty => Mean(_popularity.Surprise, list),
                RankingMeasure.PopularityLift => Lift(list, history),
                RankingMeasure.PopularityShift => Shift(list, history),
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

    /// <summary>Leaves the right items and as many others as are sampled, drawn without replacement; all else goes below
    /// every list.</summary>
    private void KeepSampled(Span<float> scores, ReadOnlySpan<int> right, int user)
    {
        Array.Fill(_drawn, float.NegativeInfinity);
        foreach (int item in right)
        {
            _drawn[item] = scores[item];
        }

        int left = 0;
        foreach (float score in scores)
        {
            left += score > float.NegativeInfinity ? 1 : 0;
        }

        left -= right.Length;
        int wanted = Math.Min(_sampledItems, left);
        SeededRandom random = new(_seed, (ulong)user + 1);

        // Each item in turn is taken with the chance that fills what is still wanted from what is left.
        for (int item = 0; item < scores.Length && wanted > 0; item++)
        {
            if (scores[item] > float.NegativeInfinity && !_isRight[item])
            {
                bool isTaken = random.NextInt(left--) < wanted;
                _drawn[item] = isTaken ? scores[item] : float.NegativeInfinity;
                wanted -= isTaken ? 1 : 0;
            }
        }

        _drawn.CopyTo(scores);
    }

    private static double Mean(double[] values, ReadOnlySpan<int> items)
    {
        double sum = 0;
        foreach (int item in items)
        {
            sum += values[item];
        }

        return items.IsEmpty ? 0 : sum / items.Length;
    }

    /// <summary>Mean count of the list over that of the history, less 1; 0 where either is empty.</summary>
    private double Lift(ReadOnlySpan<int> list, ReadOnlySpan<int> history)
    {
        double usual = Mean(_popularity.Counts, history);
        return usual == 0 || list.IsEmpty ? 0 : (Mean(_popularity.Counts, list) / usual) - 1;
    }

    /// <summary>Jensen-Shannon divergence, in bits, of the shares of head, middle and tail; 0 where either is
    /// empty.</summary>
    private double Shift(ReadOnlySpan<int> list, ReadOnlySpan<int> history)
    {
        if (list.IsEmpty || history.IsEmpty)
        {
            return 0;
        }

        Span<double> shown = stackalloc double[ItemPopularity.GroupCount];
        Span<double> usual = stackalloc double[ItemPopularity.GroupCount];
        Share(list, shown);
        Share(history, usual);
        double divergence = 0;
        for (int group = 0; group < shown.Length; group++)
        {
            double middle = (shown[group] + usual[group]) / 2;
            divergence += Part(shown[group], middle) + Part(usual[group], middle);
        }

        return Math.Max(0, divergence / 2);
    }

    private static double Part(double share, double middle) => share == 0 ? 0 : share * Math.Log2(share / middle);

    private void Share(ReadOnlySpan<int> items, Span<double> shares)
    {
        shares.Clear();
        foreach (int item in items)
        {
            shares[_popularity.Groups[item]] += 1.0 / items.Length;
        }
    }
}
