using Tandem.Features;
using Tandem.Learning;
using Tandem.Numerics;

namespace Tandem.Training.Ranking;

/// <summary>What a retrieval model says of rows as of their moments, as it would while serving: the history is what the user
/// had chosen by then.</summary>
internal static class RetrievalScores
{
    private const int RequestsPerChunk = 16;

    // Ages are float32 days, which hold two weeks to a tenth of a second.
    private const float Moment = 1e-5f;

    /// <summary>Scores rows.</summary>
    /// <param name="scorer">A model that saw nothing from the first row on.</param>
    /// <param name="data">Users, items and all interactions, with ages.</param>
    /// <param name="now">The moment that ages are counted from.</param>
    /// <param name="set">The rows.</param>
    /// <param name="users">What was known of the user of each row, encoded as the model reads it; none where it reads
    /// nothing.</param>
    /// <param name="historyLength">Newest actions that are read.</param>
    /// <param name="threadCount">Threads.</param>
    /// <param name="cancellationToken">Stops between requests.</param>
    /// <returns>A score a row; NaN where the model answers nothing, because it does not know the item or the user had
    /// chosen nothing.</returns>
    public static float[] Of(
        IItemScorer scorer, TrainingData data, DateTimeOffset now, LabelledSet set, AttributeRows users, int historyLength, int threadCount,
        CancellationToken cancellationToken)
    {
        Spine spine = set.Set.Spine;
        int[] order = [.. Enumerable.Range(0, spine.Count).OrderBy(row => set.Requests[row])];
        List<int> starts = [];
        for (int i = 0; i < order.Length; i++)
        {
            if (i == 0 || set.Requests[order[i]] != set.Requests[order[i - 1]])
            {
                starts.Add(i);
            }
        }

        starts.Add(order.Length);
        float[] scores = new float[spine.Count];
        double nowMicros = (now - DateTimeOffset.UnixEpoch).TotalMicroseconds;
        ParallelChunks.Run(
            starts.Count - 1, RequestsPerChunk, threadCount,
            () => (Scores: new float[scorer.ItemCount], Ages: new float[historyLength]),
            (scratch, _, first, end) =>
            {
                for (int request = first; request < end; request++)
                {
                    ReadOnlySpan<int> rows = order.AsSpan(starts[request]..starts[request + 1]);
                    int user = data.Users.Find(spine.Ids[0][rows[0]]);
                    float age = (float)((nowMicros - spine.Times[rows[0]]) / TimeSpan.MicrosecondsPerDay);
                    bool isScored = user >= 0
                        && TryScore(scorer, data.All, user, age, users.Row(rows[0]), scratch.Scores, scratch.Ages);
                    foreach (int row in rows)
                    {
                        int item = isScored ? data.Items.Find(spine.Ids[1][row]) : -1;
                        float score = item < 0 ? float.NaN : scratch.Scores[item];
                        scores[row] = float.IsFinite(score) ? score : float.NaN;
                    }
                }
            },
            cancellationToken);
        return scores;
    }

    private static bool TryScore(
        IItemScorer scorer, Interactions all, int user, float age, FeatureRows attributes, float[] scores, float[] room)
    {
        ReadOnlySpan<int> items = all.ItemsOf(user);
        ReadOnlySpan<float> ages = all.AgesOf(user);
        int known = 0;
        while (known < items.Length && ages[known] > age + Moment)
        {
            known++;
        }

        int first = Math.Max(0, known - room.Length);
        for (int i = first; i < known; i++)
        {
            room[i - first] = ages[i] - age;
        }

        ItemQuery query = new()
        {
            User = user,
            History = items[first..known],
            AgeDays = room.AsSpan(0, known - first),
            HistoryIsNew = true,
            Attributes = attributes,
        };
        bool isAnything = known > 0 || attributes.Count > 0;
        if (isAnything)
        {
            scorer.ScoreItems(in query, scores);
        }

        return isAnything;
    }
}
