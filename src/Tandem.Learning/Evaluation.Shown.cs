using Tandem.Learning.Ranking;
using Tandem.Numerics;

namespace Tandem.Learning;

public static partial class Evaluation
{
    /// <summary>Name of the metric that <c>JudgeShown</c> gives: the mean over users of the mean over their
    /// lists of the share of pairs, one item chosen and one not, that the model puts in the right order; equal scores count
    /// half. Pairs are the first and second place, the third and fourth, and so on: those that exploration puts in an order
    /// tossed for.</summary>
    public const string ShownAuc = "shown_auc";

    /// <summary>Judges a model on lists that were really shown. Lists without a pair of which just one was chosen
    /// say nothing and are passed over; an item that the model does not know ranks last.</summary>
    /// <param name="name">Name of the model in the result.</param>
    /// <param name="model">A model fitted on the split's training rows.</param>
    /// <param name="split">The rows; their history is what the user had done before.</param>
    /// <param name="lists">The lists, shown after the training rows end.</param>
    /// <param name="options">Threads.</param>
    /// <param name="cancellationToken">Stops between chunks of users.</param>
    /// <returns>The judgement, or null where no list says anything.</returns>
    public static Judgement? JudgeShown(
        string name, IItemScorer model, DataSplit split, ShownLists lists, EvaluationOptions options,
        CancellationToken cancellationToken = default)
    {
        (int[] users, int[] starts, int[] tellingLists) = TellingLists(lists);
        if (users.Length == 0)
        {
            return null;
        }

        long started = options.Clock.GetTimestamp();
        double[] values = new double[users.Length];
        ParallelChunks.Run(
            users.Length,
            UsersPerChunk,
            options.ThreadCount,
            () => (Scorer: new ChunkScorer(model, split, UsersPerChunk), Scores: new float[LongestList(lists)]),
            (scratch, _, start, end) =>
            {
                scratch.Scorer.Start(users.AsSpan(start, end - start));
                for (int index = start; index < end; index++)
                {
                    ReadOnlySpan<float> scores = scratch.Scorer.Score(index - start);
                    double sum = 0;
                    for (int i = starts[index]; i < starts[index + 1]; i++)
                    {
                        sum += AreaOf(lists, tellingLists[i], scores, scratch.Scores);
                    }

                    values[index] = sum / (starts[index + 1] - starts[index]);
                }
            },
            cancellationToken);
        return ShownJudgement(name, model.ItemCount, users, values, started, options);
    }

    /// <summary>Judges scores of the very places of lists that were really shown, such as those of a model that reads
    /// features as they were at the moment.</summary>
    /// <param name="name">Name of the model in the result.</param>
    /// <param name="scores">Score of each place, as long as the lists' items; higher is better.</param>
    /// <param name="lists">The lists.</param>
    /// <param name="options">Clock.</param>
    /// <returns>The judgement, or null where no list says anything.</returns>
    public static Judgement? JudgeShown(
        string name, ReadOnlySpan<float> scores, ShownLists lists, EvaluationOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(scores.Length, lists.Items.Length, nameof(scores));
        (int[] users, int[] starts, int[] tellingLists) = TellingLists(lists);
        if (users.Length == 0)
        {
            return null;
        }

        long started = options.Clock.GetTimestamp();
        double[] values = new double[users.Length];
        for (int index = 0; index < users.Length; index++)
        {
            double sum = 0;
            for (int i = starts[index]; i < starts[index + 1]; i++)
            {
                int list = tellingLists[i];
                sum += AreaOf(ChosenOf(lists, list), scores[lists.Starts[list]..lists.Starts[list + 1]]);
            }

            values[index] = sum / (starts[index + 1] - starts[index]);
        }

        return ShownJudgement(name, 0, users, values, started, options);
    }

    private static Judgement ShownJudgement(
        string name, int itemCount, int[] users, double[] values, long started, EvaluationOptions options) => new(
            name, itemCount, users, [new RankingMetric(ShownAuc, RankingMeasure.ShownAuc, 0)], [values], [],
            new int[users.Length], 0, options.Clock.GetElapsedTime(started).TotalSeconds);

    /// <summary>The lists with a pair of which one item was chosen, grouped by user.</summary>
    private static (int[] Users, int[] Starts, int[] Lists) TellingLists(ShownLists lists)
    {
        List<int> users = [];
        List<int> starts = [];
        List<int> telling = [];
        for (int list = 0; list < lists.Count; list++)
        {
            if (!Tells(ChosenOf(lists, list)))
            {
                continue;
            }

            if (users.Count == 0 || users[^1] != lists.Users[list])
            {
                users.Add(lists.Users[list]);
                starts.Add(telling.Count);
            }

            telling.Add(list);
        }

        starts.Add(telling.Count);
        return ([.. users], [.. starts], [.. telling]);
    }

    private static bool Tells(ReadOnlySpan<bool> chosen)
    {
        for (int i = 1; i < chosen.Length; i += 2)
        {
            if (chosen[i] != chosen[i - 1])
            {
                return true;
            }
        }

        return false;
    }

    private static double AreaOf(
        ShownLists lists, int list, ReadOnlySpan<float> scoresOfItems, Span<float> scores)
    {
        int start = lists.Starts[list];
        int length = lists.Starts[list + 1] - start;
        for (int i = 0; i < length; i++)
        {
            int item = lists.Items[start + i];
            scores[i] = item < 0 ? float.NegativeInfinity : scoresOfItems[item];
        }

        return AreaOf(ChosenOf(lists, list), scores[..length]);
    }

    private static double AreaOf(ReadOnlySpan<bool> chosen, ReadOnlySpan<float> scores)
    {
        double right = 0;
        int pairs = 0;
        for (int i = 1; i < chosen.Length; i += 2)
        {
            if (chosen[i] != chosen[i - 1])
            {
                (float wanted, float other) = chosen[i] ? (scores[i], scores[i - 1]) : (scores[i - 1], scores[i]);
                right += wanted > other ? 1 : wanted == other ? 0.5 : 0;
                pairs++;
            }
        }

        return right / pairs;
    }

    private static ReadOnlySpan<bool> ChosenOf(ShownLists lists, int list) =>
        lists.Chosen.AsSpan(lists.Starts[list], lists.Starts[list + 1] - lists.Starts[list]);

    private static int LongestList(ShownLists lists)
    {
        int longest = 0;
        for (int list = 0; list < lists.Count; list++)
        {
            longest = Math.Max(longest, lists.Starts[list + 1] - lists.Starts[list]);
        }

        return longest;
    }
}
