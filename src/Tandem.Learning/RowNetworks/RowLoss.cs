using System.Diagnostics;
using Tandem.Learning.Imbalance;
using Tandem.Learning.Networks;
using Tandem.Numerics;

namespace Tandem.Learning.RowNetworks;

/// <summary>The loss of a batch of scores and its gradient, by what the labels say.</summary>
/// <remarks>The same for any thread count: one thread, in double precision. Nothing is allocated once it met its longest
/// group.</remarks>
internal sealed class RowLoss(RowTarget target, double focalGamma, OrderLoss orderLoss)
{
    // e to this is still a finite count.
    private const double LargestLogCount = 30;

    private float[] _better = [];
    private float[] _worse = [];
    private float[] _betterSlopes = [];
    private float[] _worseSlopes = [];
    private int[] _pairs = [];

    /// <summary>Computes both.</summary>
    /// <param name="scores">Scores, shape (rows, outputs).</param>
    /// <param name="labels">Labels, shape (rows, labels).</param>
    /// <param name="weights">Weight of each row.</param>
    /// <param name="starts">Where each group begins, length groups + 1; read for grades alone.</param>
    /// <param name="slopes">Receives the gradient of the mean loss.</param>
    /// <returns>The sum of the losses, and what it is a sum of: rows or groups.</returns>
    public (double Sum, int Count) Run(
        RowBuffer scores, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, ReadOnlySpan<int> starts,
        RowBuffer slopes)
    {
        slopes.Resize(scores.Count);
        if (target.Kind == RowTargetKind.Order)
        {
            return (RunGroups(scores.Values, labels, starts, slopes.Values), starts.Length - 1);
        }

        double sum = 0;
        int labelCount = target.LabelCount;
        for (int row = 0; row < scores.Count; row++)
        {
            Span<float> own = slopes.Row(row);
            double loss = RunRow(scores.Row(row), labels.Slice(row * labelCount, labelCount), own);
            sum += weights[row] * loss;
            Kernel.Scale(weights[row] / scores.Count, own);
        }

        return (sum, scores.Count);
    }

    private double RunRow(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels, Span<float> slopes)
    {
        switch (target.Kind)
        {
            case RowTargetKind.Binary:
            case RowTargetKind.Multilabel:
                double sum = 0;
                for (int head = 0; head < scores.Length; head++)
                {
                    // γ = 0 is the log-loss.
                    double side = labels[head] > 0 ? 1 : -1;
                    sum += FocalLoss.Loss(side * scores[head], focalGamma);
                    slopes[head] = (float)(side * FocalLoss.Slope(side * scores[head], focalGamma));
                }

                return sum;
            case RowTargetKind.Multiclass:
                return RunClasses(scores, (int)labels[0], slopes);
            case RowTargetKind.Number:
                slopes[0] = scores[0] - labels[0];
                return 0.5 * slopes[0] * slopes[0];
            case RowTargetKind.Count:
                double mean = Math.Exp(Math.Min(scores[0], LargestLogCount));
                slopes[0] = (float)(mean - labels[0]);
                return mean - ((double)labels[0] * scores[0]);
            default:
                throw new UnreachableException();
        }
    }

    private static double RunClasses(ReadOnlySpan<float> scores, int label, Span<float> slopes)
    {
        float largest = float.NegativeInfinity;
        foreach (float score in scores)
        {
            largest = MathF.Max(largest, score);
        }

        double sum = 0;
        foreach (float score in scores)
        {
            sum += Math.Exp(score - largest);
        }

        for (int i = 0; i < scores.Length; i++)
        {
            slopes[i] = (float)(Math.Exp(scores[i] - largest) / sum) - (i == label ? 1 : 0);
        }

        return Math.Log(sum) + largest - scores[label];
    }

    private double RunGroups(
        ReadOnlySpan<float> scores, ReadOnlySpan<float> grades, ReadOnlySpan<int> starts, Span<float> slopes)
    {
        if (orderLoss is OrderLoss.Pairs or OrderLoss.Margin)
        {
            double sum = 0;
            for (int group = 0; group + 1 < starts.Length; group++)
            {
                Range rows = starts[group]..starts[group + 1];
                sum += RunPairs(scores[rows], grades[rows], slopes[rows], starts.Length - 1);
            }

            return sum;
        }

        if (orderLoss == OrderLoss.ListNet)
        {
            return (starts.Length - 1) * RankingLoss.ListNet(scores, grades, starts, slopes);
        }

        Reserve(grades.Length);
        for (int i = 0; i < grades.Length; i++)
        {
            _better[i] = MathF.Pow(2, grades[i]) - 1;
        }

        return (starts.Length - 1)
            * RankingLoss.ListSoftmax(scores, _better.AsSpan(0, grades.Length), starts, slopes);
    }

    /// <summary>The mean over the pairs of a group.</summary>
    private double RunPairs(
        ReadOnlySpan<float> scores, ReadOnlySpan<float> grades, Span<float> slopes, int groupCount)
    {
        slopes.Clear();
        int count = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            for (int j = 0; j < scores.Length; j++)
            {
                if (grades[i] > grades[j])
                {
                    Reserve(count + 1);
                    _better[count] = scores[i];
                    _worse[count] = scores[j];
                    _pairs[2 * count] = i;
                    _pairs[(2 * count) + 1] = j;
                    count++;
                }
            }
        }

        double loss = orderLoss == OrderLoss.Pairs
            ? RankingLoss.Bpr(_better.AsSpan(0, count), _worse.AsSpan(0, count), _betterSlopes, _worseSlopes)
            : RankingLoss.Hinge(_better.AsSpan(0, count), _worse.AsSpan(0, count), 1, _betterSlopes, _worseSlopes);
        for (int pair = 0; pair < count; pair++)
        {
            slopes[_pairs[2 * pair]] += _betterSlopes[pair] / groupCount;
            slopes[_pairs[(2 * pair) + 1]] += _worseSlopes[pair] / groupCount;
        }

        return loss;
    }

    private void Reserve(int count)
    {
        if (count > _better.Length)
        {
            int length = Math.Max(count, 2 * _better.Length);
            Array.Resize(ref _better, length);
            Array.Resize(ref _worse, length);
            Array.Resize(ref _betterSlopes, length);
            Array.Resize(ref _worseSlopes, length);
            Array.Resize(ref _pairs, 2 * length);
        }
    }
}
