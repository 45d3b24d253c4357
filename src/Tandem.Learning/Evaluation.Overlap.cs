using Tandem.Learning.Ranking;
using Tandem.Numerics;

namespace Tandem.Learning;

public static partial class Evaluation
{
    /// <summary>Measures how alike two models answer: the share of the first items of their lists, outside the history, that they
    /// have in common.</summary>
    /// <param name="first">A model.</param>
    /// <param name="second">Another of the same items.</param>
    /// <param name="split">Whom to ask for: users with test rows.</param>
    /// <param name="length">Items of a list, ≥ 1.</param>
    /// <param name="options">Threads.</param>
    /// <param name="cancellationToken">Stops between chunks of users.</param>
    /// <returns>The mean over the users, 0 to 1.</returns>
    /// <exception cref="Faults.TandemException">LRN008: nobody to judge.</exception>
    public static double Overlap(
        IItemScorer first, IItemScorer second, DataSplit split, int length, EvaluationOptions options,
        CancellationToken cancellationToken = default)
    {
        int[] users = JudgedUsersOf(split).Users;
        double[] shares = new double[users.Length];
        ParallelChunks.Run(
            users.Length,
            UsersPerChunk,
            options.ThreadCount,
            () => (First: new ChunkScorer(first, split, UsersPerChunk), Second: new ChunkScorer(second, split, UsersPerChunk),
                Ones: new int[length], Others: new int[length]),
            (scratch, _, start, end) =>
            {
                scratch.First.Start(users.AsSpan(start, end - start));
                scratch.Second.Start(users.AsSpan(start, end - start));
                for (int index = start; index < end; index++)
                {
                    ReadOnlySpan<int> history = split.History.ItemsOf(users[index]);
                    ReadOnlySpan<int> ones = Best(scratch.First.Score(index - start), history, scratch.Ones);
                    ReadOnlySpan<int> others = Best(scratch.Second.Score(index - start), history, scratch.Others);
                    int common = 0;
                    foreach (int item in ones)
                    {
                        common += others.Contains(item) ? 1 : 0;
                    }

                    shares[index] = (double)common / Math.Max(1, Math.Max(ones.Length, others.Length));
                }
            },
            cancellationToken);
        return shares.Average();
    }

    private static ReadOnlySpan<int> Best(Span<float> scores, ReadOnlySpan<int> history, int[] best)
    {
        foreach (int item in history)
        {
            scores[item] = float.NegativeInfinity;
        }

        return best.AsSpan(0, TopK.Select(scores, best.AsSpan(0, Math.Min(best.Length, scores.Length))));
    }
}
