using Tandem.Numerics;

namespace Tandem.Learning.Imbalance;

/// <summary>Keeps the negatives that a first model ranks highest, and for all others some that are drawn evenly and weigh as
/// much as all of them: the sums over negatives stay right, and no score is shifted.</summary>
/// <remarks>The first model sees evenly drawn negatives, as many as are kept. After K.-K. Sung and T. Poggio, Example-based
/// learning for view-based human face detection, 1998 (bootstrapping), with the weights of stratified sampling.</remarks>
internal static class HardNegatives
{
    /// <summary>Setting: share of the negatives to keep.</summary>
    public const string Kept = "kept";

    /// <summary>Setting: share of those that is highest ranked.</summary>
    public const string Hard = "hard";

    public static TrainingRows Make(ImbalanceWork work)
    {
        LabelledRows rows = work.Rows;
        int kept = (int)Math.Clamp(
            Math.Round(work.Values.Number(Kept) * work.Negatives.Length), 1, work.Negatives.Length);
        if (kept == work.Negatives.Length)
        {
            return rows;
        }

        // One is left to weigh for those that are not hard.
        int hard = Math.Min((int)Math.Round(work.Values.Number(Hard) * kept), kept - 1);
        SeededRandom random = work.Random();
        int[] first = Sampling.Draw(work.Negatives, kept, ref random);
        int[] ranked = Rank(work, Sampling.Merge(work.Positives, first));
        int[] drawn = Sampling.Draw(ranked.AsSpan(hard), kept - hard, ref random);
        double all = 0;
        double some = 0;
        foreach (int row in ranked.AsSpan(hard))
        {
            all += ClassWeights.WeightOf(rows, row);
        }

        foreach (int row in drawn)
        {
            some += ClassWeights.WeightOf(rows, row);
        }

        float[] weights = new float[rows.Count];
        for (int row = 0; row < weights.Length; row++)
        {
            weights[row] = ClassWeights.WeightOf(rows, row);
        }

        foreach (int row in drawn)
        {
            weights[row] = (float)(weights[row] * all / some);
        }

        int[] taken = Sampling.Merge(work.Positives, Sampling.Merge(ranked[..hard], drawn));
        return TrainingRows.Made(rows, (rows with { Weights = weights }).Take(taken));
    }

    /// <summary>The negatives by a first model's scores, highest first.</summary>
    private static int[] Rank(ImbalanceWork work, int[] first)
    {
        LabelledRows rows = work.Rows;
        IRowScorer scorer = work.Fit(TrainingRows.Made(rows, rows.Take(first)));
        float[] scores = new float[rows.Count];
        scorer.ScoreRows(rows.Features, scores);
        int[] ranked = [.. work.Negatives.OrderByDescending(row => scores[row]).ThenBy(static row => row)];
        return ranked;
    }
}
