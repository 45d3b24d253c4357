using System.Globalization;

namespace Tandem.Learning.Ranking;

/// <summary>A group of the judged users, by indices that rise.</summary>
internal sealed record UserSlices(string Name, int[] Indices)
{
    private const int Deciles = 10;

    /// <summary>The groups of a split: users without training rows, users with a right item that no training row holds,
    /// and the others in tenths by the count of their training rows. Empty groups are left out.</summary>
    public static IReadOnlyList<UserSlices> Of(DataSplit split, JudgedUsers judged)
    {
        bool[] isKnown = new bool[split.Train.ItemCount];
        foreach (int item in split.Train.Items)
        {
            isKnown[item] = true;
        }

        List<int> newUsers = [];
        List<int> newItems = [];
        List<int> others = [];
        for (int index = 0; index < judged.Users.Length; index++)
        {
            (RowsOf(split, judged, index) == 0 ? newUsers : others).Add(index);
            foreach (int item in judged.RightItems(index))
            {
                if (!isKnown[item])
                {
                    newItems.Add(index);
                    break;
                }
            }
        }

        List<UserSlices> slices = [new("new_users", [.. newUsers]), new("new_items", [.. newItems])];
        int[] byActivity = [.. others.OrderBy(index => RowsOf(split, judged, index)).ThenBy(static index => index)];
        for (int decile = 0; decile < Deciles && byActivity.Length >= Deciles; decile++)
        {
            int[] own = byActivity[
                (int)((long)decile * byActivity.Length / Deciles)..(int)((decile + 1L) * byActivity.Length / Deciles)];
            Array.Sort(own);
            slices.Add(new UserSlices(string.Create(CultureInfo.InvariantCulture, $"activity_{decile + 1}"), own));
        }

        return [.. slices.Where(static slice => slice.Indices.Length > 0)];
    }

    /// <summary>The means of a judgement over the group.</summary>
    public SliceEvaluation Measure(Judgement judgement)
    {
        Dictionary<string, double> metrics = new(StringComparer.Ordinal);
        for (int i = 0; i < judgement.Metrics.Count; i++)
        {
            if (judgement.Metrics[i].Measure == RankingMeasure.Coverage)
            {
                continue;
            }

            double sum = 0;
            foreach (int index in Indices)
            {
                sum += judgement.ValuesAt(i)[index];
            }

            metrics[judgement.Metrics[i].Name] = sum / Indices.Length;
        }

        return new SliceEvaluation(Name, Indices.Length, metrics);
    }

    private static int RowsOf(DataSplit split, JudgedUsers judged, int index) =>
        split.Train.ItemsOf(judged.Users[index]).Length;
}
