using Tandem.Numerics;

namespace Tandem.Learning.Networks;

/// <summary>Losses that look at the order of scores alone, with their gradients: of pairs, and of whole lists.</summary>
internal static class RankingLoss
{
    /// <summary>The mean of −log σ(better − worse) over pairs.</summary>
    /// <param name="better">Scores that should be higher, one a pair.</param>
    /// <param name="worse">Scores that should be lower, one a pair.</param>
    /// <param name="betterGradients">Receives the gradient of <paramref name="better"/>.</param>
    /// <param name="worseGradients">Receives the gradient of <paramref name="worse"/>.</param>
    /// <returns>The loss, ≥ 0; 0 where there is no pair.</returns>
    /// <remarks>Paper: Rendle and others, <em>BPR: Bayesian Personalized Ranking from Implicit Feedback</em>,
    /// 2009.</remarks>
    public static double Bpr(
        ReadOnlySpan<float> better, ReadOnlySpan<float> worse, Span<float> betterGradients, Span<float> worseGradients)
    {
        double loss = 0;
        for (int pair = 0; pair < better.Length; pair++)
        {
            double margin = (double)better[pair] - worse[pair];
            loss += Math.Max(-margin, 0) + Math.Log(1 + Math.Exp(-Math.Abs(margin)));
            float slope = (float)(-1 / (1 + Math.Exp(margin)) / better.Length);
            betterGradients[pair] = slope;
            worseGradients[pair] = -slope;
        }

        return loss / Math.Max(1, better.Length);
    }

    /// <summary>The mean of max(0, margin − (better − worse)) over pairs; all else as <see cref="Bpr"/>.</summary>
    /// <param name="better">Scores that should be higher, one a pair.</param>
    /// <param name="worse">Scores that should be lower, one a pair.</param>
    /// <param name="margin">Distance at which a pair is good enough, ≥ 0.</param>
    /// <param name="betterGradients">Receives the gradient of <paramref name="better"/>.</param>
    /// <param name="worseGradients">Receives the gradient of <paramref name="worse"/>.</param>
    public static double Hinge(
        ReadOnlySpan<float> better, ReadOnlySpan<float> worse, float margin, Span<float> betterGradients,
        Span<float> worseGradients)
    {
        double loss = 0;
        for (int pair = 0; pair < better.Length; pair++)
        {
            double lack = (double)margin - better[pair] + worse[pair];
            loss += Math.Max(lack, 0);
            float slope = lack > 0 ? -1f / better.Length : 0;
            betterGradients[pair] = slope;
            worseGradients[pair] = -slope;
        }

        return loss / Math.Max(1, better.Length);
    }

    /// <summary>The cross-entropy between what the gains and what the scores say is first, per list: −Σ p·log
    /// softmax(scores), with p = softmax(gains), the mean over lists.</summary>
    /// <param name="scores">Scores of all lists, one list after another.</param>
    /// <param name="gains">Gain of each, such as a grade of relevance.</param>
    /// <param name="starts">Where each list begins, length lists + 1.</param>
    /// <param name="gradients">Receives the gradient of <paramref name="scores"/>.</param>
    /// <remarks>Paper: Cao and others, <em>Learning to Rank: From Pairwise Approach to Listwise Approach</em>, 2007
    /// (ListNet).</remarks>
    public static double ListNet(
        ReadOnlySpan<float> scores, ReadOnlySpan<float> gains, ReadOnlySpan<int> starts, Span<float> gradients) =>
        OverLists(scores, gains, starts, gradients, isSoft: true);

    /// <summary>As <see cref="ListNet"/> with p = gains / Σ gains; a list without any gain does not count.</summary>
    /// <param name="scores">Scores of all lists, one list after another.</param>
    /// <param name="gains">Gain of each, ≥ 0, such as 1 for what was chosen.</param>
    /// <param name="starts">Where each list begins, length lists + 1.</param>
    /// <param name="gradients">Receives the gradient of <paramref name="scores"/>.</param>
    /// <remarks>Paper: Bruch and others, <em>An Analysis of the Softmax Cost Function for Learning to Rank</em>,
    /// 2019.</remarks>
    public static double ListSoftmax(
        ReadOnlySpan<float> scores, ReadOnlySpan<float> gains, ReadOnlySpan<int> starts, Span<float> gradients) =>
        OverLists(scores, gains, starts, gradients, isSoft: false);

    private static double OverLists(
        ReadOnlySpan<float> scores, ReadOnlySpan<float> gains, ReadOnlySpan<int> starts, Span<float> gradients, bool isSoft)
    {
        int listCount = starts.Length - 1;
        double loss = 0;
        for (int list = 0; list < listCount; list++)
        {
            int start = starts[list];
            int length = starts[list + 1] - start;
            ReadOnlySpan<float> own = scores.Slice(start, length);
            ReadOnlySpan<float> gain = gains.Slice(start, length);
            float highest = isSoft ? Kernel.Max(gain) : 0;
            double total = 0;
            foreach (float value in gain)
            {
                total += isSoft ? Math.Exp(value - highest) : value;
            }

            float largest = Kernel.Max(own);
            double sum = 0;
            foreach (float score in own)
            {
                sum += Math.Exp(score - largest);
            }

            for (int i = 0; i < length; i++)
            {
                double share = total > 0 ? (isSoft ? Math.Exp(gain[i] - highest) : gain[i]) / total : 0;
                double log = own[i] - largest - Math.Log(sum);
                loss -= share * log;
                gradients[start + i] = total > 0 ? (float)((Math.Exp(log) - share) / listCount) : 0;
            }
        }

        return loss / Math.Max(1, listCount);
    }
}
