using Tandem.Learning.Ranking;
using Tandem.Numerics;

namespace Tandem.Learning;

public static partial class Evaluation
{
    /// <summary>Name of the metric that <see cref="JudgeShown"/> gives: the mean over users of the mean over their
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
            () => new ChunkScorer(model, split, UsersPerChunk),
            (scorer, _, start, end) =>
            {
                scorer.Start(users.AsSpan(start, end - start));
                for (int index = start; index < end; index++)
                {
                    ReadOnlySpan<float> scores = scorer.Score(index - start);
                    double sum = 0;
                    for (int i = starts[index]; i < starts[index + 1]; i++)
                    {
                        sum += AreaOf(lists, tellingLists[i], scores);
                    }

                    values[index] = sum / (starts[index + 1] - starts[index]);
                }
            },
            cancellationToken);
        RankingMetric metric = new(ShownAuc, RankingMeasure.ShownAuc, 0);
        double seconds = options.Clock.GetElapsedTime(started).TotalSeconds;
        return new Judgement(
            name, model.ItemCount, users, [metric], [values], [], new int[users.Length], 0, seconds);
    }

    /// <summary>The lists with a pair of which one item was chosen, grouped by user.</summary>
    private static (int[] Users, int[] Starts, int[] Lists) TellingLists(ShownLists lists)
    {
        List<int> users = [];
        List<int> starts = [];
        List<int> telling = [];
        for (int list = 0; list < lists.Count; list++)
        {
            if (!Tells(lists.Chosen.AsSpan(lists.Starts[list], lists.Starts[list + 1] - lists.Starts[list])))
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

    private static double AreaOf(ShownLists lists, int list, ReadOnlySpan<float> scores)
    {
        double right = 0;
        int pairs = 0;
        for (int i = lists.Starts[list] + 1; i < lists.Starts[list + 1]; i += 2)
        {
            if (lists.Chosen[i] != lists.Chosen[i - 1])
            {
                float above = ScoreOf(lists.Items[i - 1], scores);
                float below = ScoreOf(lists.Items[i], scores);
                float wanted = lists.Chosen[i] ? below : above;
                float other = lists.Chosen[i] ? above : below;
                right += wanted > other ? 1 : wanted == other ? 0.5 : 0;
                pairs++;
            }
        }

        return right / pairs;
    }

    private static float ScoreOf(int item, ReadOnlySpan<float> scores) =>
        item < 0 ? float.NegativeInfinity : scores[item];
}
