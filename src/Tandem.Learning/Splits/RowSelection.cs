namespace Tandem.Learning.Splits;

/// <summary>Takes some of the rows, keeping their order, users and items.</summary>
internal static class RowSelection
{
    public static Interactions Take(Interactions all, Func<int, int, bool> takes)
    {
        int[] starts = new int[all.UserCount + 1];
        int[] items = new int[all.Count];
        float[] ages = new float[all.AgeDays.Length];
        float[] weights = new float[all.Weights.Length];
        int[] taken = new int[all.UserAttributes.IsNone && all.Past.IsNone ? 0 : all.Count];
        int count = 0;
        for (int user = 0; user < all.UserCount; user++)
        {
            for (int row = all.RowStarts[user]; row < all.RowStarts[user + 1]; row++)
            {
                if (!takes(user, row))
                {
                    continue;
                }

                items[count] = all.Items[row];
                if (ages.Length > 0)
                {
                    ages[count] = all.AgeDays[row];
                }

                if (weights.Length > 0)
                {
                    weights[count] = all.Weights[row];
                }

                if (taken.Length > 0)
                {
                    taken[count] = row;
                }

                count++;
            }

            starts[user + 1] = count;
        }

        taken = taken[..Math.Min(count, taken.Length)];
        return all with
        {
            UserAttributes = all.UserAttributes.Take(taken),
            Past = all.Past.Take(taken),
            RowStarts = starts,
            Items = items[..count],
            AgeDays = ages[..Math.Min(count, ages.Length)],
            Weights = weights[..Math.Min(count, weights.Length)],
        };
    }
}
