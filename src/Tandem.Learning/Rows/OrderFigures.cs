namespace Tandem.Learning.Rows;

/// <summary>Figures of graded rows in groups: means over groups, a group weighing what its first row does. Equal scores keep
/// the order of the rows.</summary>
internal static class OrderFigures
{
    /// <summary>Σ over the first k of (2^grade − 1) / log₂(rank + 1), divided by the same of the best order; 1 for a group
    /// of zeros, as LightGBM has it. k = 0 means all.</summary>
    public static RowStatistic Ndcg(RowScores scores, int k) => Mean(scores, (ranked, ideal) =>
    {
        double best = Gain(ideal, k);
        return best > 0 ? Gain(ranked, k) / best : 1;
    });

    /// <summary>1 / rank of the first row with a grade above 0; groups of zeros are left out.</summary>
    public static RowStatistic Mrr(RowScores scores) => Mean(scores, static (ranked, _) =>
    {
        int at = ranked.IndexOfAnyExcept(0);
        return at < 0 ? double.NaN : 1.0 / (at + 1);
    });

    /// <summary>Mean over the rows with a grade above 0 of the share of such rows down to them, of the first k; divided by
    /// how many there could be. 1 for a group of zeros, as LightGBM has it. k = 0 means all.</summary>
    public static RowStatistic AveragePrecision(RowScores scores, int k) => Mean(scores, (ranked, _) =>
    {
        double sum = 0;
        int hits = 0;
        int length = Length(ranked, k);
        for (int at = 0; at < length; at++)
        {
            if (ranked[at] > 0)
            {
                sum += ++hits / (at + 1.0);
            }
        }

        int relevant = ranked.Length - ranked.Count(0);
        return relevant == 0 ? 1 : sum / Math.Min(relevant, length);
    });

    private delegate double GroupFigure(ReadOnlySpan<float> ranked, ReadOnlySpan<float> ideal);

    private static RowStatistic Mean(RowScores scores, GroupFigure figure)
    {
        List<double> values = [];
        List<int> firstRows = [];
        int[] groups = RowUnits.GroupsOf(scores);
        for (int start = 0; start < groups.Length;)
        {
            int end = start + 1;
            while (end < groups.Length && groups[end] == groups[start])
            {
                end++;
            }

            float[] grades = scores.Labels[start..end];
            float[] keys = Array.ConvertAll(scores.Values[start..end], static score => -score);
            int[] rows = [.. Enumerable.Range(0, keys.Length)];
            Array.Sort(rows, (a, b) => keys[a] != keys[b] ? keys[a].CompareTo(keys[b]) : a.CompareTo(b));
            float[] ranked = Array.ConvertAll(rows, row => grades[row]);
            Array.Sort(grades, static (a, b) => b.CompareTo(a));
            double value = figure(ranked, grades);
            if (!double.IsNaN(value))
            {
                values.Add(value);
                firstRows.Add(start);
            }

            start = end;
        }

        return RowMean.Of([.. values], [.. firstRows]);
    }

    private static double Gain(ReadOnlySpan<float> grades, int k)
    {
        double gain = 0;
        for (int at = 0; at < Length(grades, k); at++)
        {
            gain += (double.Exp2(grades[at]) - 1) / Math.Log2(at + 2);
        }

        return gain;
    }

    private static int Length(ReadOnlySpan<float> grades, int k) => k == 0 ? grades.Length : Math.Min(k, grades.Length);
}
