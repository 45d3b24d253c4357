using Tandem.Learning.Networks;
using Tandem.Numerics;

namespace Tandem.Learning.Sasrec;

/// <summary>How high the last item of held-out users stands among all items that they have not had.</summary>
internal static class HeldOutJudge
{
    private const int UsersAtOnce = 64;
    private const int Depth = 10;

    /// <summary>NDCG@10 of one hidden item a user: the mean of 1 / log₂(1 + place), 0 beyond place 10.</summary>
    public static double Ndcg(
        Interactions rows, IReadOnlyList<int> users, SasrecOptions options, EmbeddingTable items, float[] parameters,
        WorkerTeam team)
    {
        double[] gains = new double[ParallelChunks.ChunkCount(users.Count, UsersAtOnce)];
        PackedMatrix factors = new();
        factors.Pack(new MatrixView(items.Rows.Values, items.Rows.RowCount, items.Width).Transposed);
        team.Run(gains.Length, chunk =>
        {
            int first = chunk * UsersAtOnce;
            int count = Math.Min(UsersAtOnce, users.Count - first);
            SasrecModel.Reader reader = new(options, parameters);
            float[] sought = new float[count * items.Width];
            for (int i = 0; i < count; i++)
            {
                reader.Read(items, rows.ItemsOf(users[first + i])[..^1]).CopyTo(sought.AsSpan(i * items.Width));
            }

            int itemCount = items.Rows.RowCount;
            float[] scores = new float[count * itemCount];
            MatrixProduct.Multiply(new MatrixView(sought, count, items.Width), factors, scores);
            for (int i = 0; i < count; i++)
            {
                gains[chunk] += Gain(rows.ItemsOf(users[first + i]), scores.AsSpan(i * itemCount, itemCount));
            }
        });
        return gains.Sum() / users.Count;
    }

    private static double Gain(ReadOnlySpan<int> history, Span<float> scores)
    {
        int hidden = history[^1];
        float score = scores[hidden];
        foreach (int seen in history[..^1])
        {
            scores[seen] = float.NegativeInfinity;
        }

        // One that comes again stands where its score puts it.
        scores[hidden] = score;
        int place = 0;
        foreach (float other in scores)
        {
            place += other >= score ? 1 : 0;
        }

        return float.IsNaN(score) || place > Depth ? 0 : 1 / Math.Log2(1 + place);
    }
}
