using Tandem.Numerics;

namespace Tandem.Learning.Imbalance;

/// <summary>Rows dropped, or repeated, at random.</summary>
internal static class Sampling
{
    /// <summary>Setting: share of the negatives to keep.</summary>
    public const string Kept = "kept";

    /// <summary>Drops negatives. A. Dal Pozzolo, O. Caelen, R. A. Johnson and G. Bontempi, Calibrating probability with
    /// undersampling for unbalanced classification, 2015.</summary>
    public static TrainingRows Down(ImbalanceWork work)
    {
        double kept = work.Values.Number(Kept);
        double rate = work.Values.Number(ImbalanceMethods.Rate);
        double wanted = kept > 0 ? kept * work.Negatives.Length : (1 - rate) / rate * work.Positives.Length;
        int count = (int)Math.Clamp(Math.Round(wanted), 1, work.Negatives.Length);
        SeededRandom random = work.Random();
        int[] negatives = Draw(work.Negatives, count, ref random);
        return TrainingRows.Made(work.Rows, work.Rows.Take(Merge(work.Positives, negatives)));
    }

    /// <summary>Repeats positives.</summary>
    public static TrainingRows Up(ImbalanceWork work)
    {
        int[] rows = new int[work.Rows.Count + work.MissingPositives()];
        SeededRandom random = work.Random();
        for (int row = 0; row < rows.Length; row++)
        {
            rows[row] = row < work.Rows.Count ? row : work.Positives[random.NextInt(work.Positives.Length)];
        }

        // Repeated rows do not stand with the others of their group.
        return TrainingRows.Made(work.Rows, work.Rows.Take(rows) with { Groups = [] });
    }

    /// <summary>Some of the rows, each once, drawn evenly; in rising order.</summary>
    public static int[] Draw(ReadOnlySpan<int> rows, int count, ref SeededRandom random)
    {
        int[] shuffled = rows.ToArray();
        for (int i = 0; i < count; i++)
        {
            int j = i + random.NextInt(shuffled.Length - i);
            (shuffled[i], shuffled[j]) = (shuffled[j], shuffled[i]);
        }

        int[] drawn = shuffled[..count];
        Array.Sort(drawn);
        return drawn;
    }

    /// <summary>Both, in rising order.</summary>
    public static int[] Merge(int[] some, int[] others)
    {
        int[] all = [.. some, .. others];
        Array.Sort(all);
        return all;
    }
}
