using Tandem.Numerics;

namespace Tandem.Learning.Tests;

/// <summary>Small made-up interactions: users of two tastes who prefer the items of their own half.</summary>
internal static class SmallWorld
{
    public static Interactions Make(ulong seed, int userCount = 60, int itemCount = 40, int rowsPerUser = 12)
    {
        SeededRandom random = new(seed);
        int[] starts = new int[userCount + 1];
        List<int> items = [];
        List<float> ages = [];
        for (int user = 0; user < userCount; user++)
        {
            // Two users without rows, so that every model meets them.
            int rows = user < 2 ? 0 : 2 + random.NextInt(rowsPerUser);
            for (int row = 0; row < rows; row++)
            {
                int half = itemCount / 2;
                bool own = random.NextDouble() < 0.9;
                int item = (int)(half * random.NextDouble() * random.NextDouble());
                items.Add(item + (own == (user % 2 == 0) ? 0 : half));
                ages.Add(rows - row + random.NextSingle());
            }

            starts[user + 1] = items.Count;
        }

        return new Interactions
        {
            UserCount = userCount,
            ItemCount = itemCount,
            RowStarts = starts,
            Items = [.. items],
            AgeDays = [.. ages],
        };
    }

    /// <summary>Rows from literal histories, without times.</summary>
    public static Interactions From(int itemCount, params int[][] histories)
    {
        int[] starts = new int[histories.Length + 1];
        for (int user = 0; user < histories.Length; user++)
        {
            starts[user + 1] = starts[user] + histories[user].Length;
        }

        return new Interactions
        {
            UserCount = histories.Length,
            ItemCount = itemCount,
            RowStarts = starts,
            Items = [.. histories.SelectMany(history => history)],
        };
    }

    public static byte[] Save(IModel model)
    {
        using MemoryStream stream = new();
        model.Save(stream);
        return stream.ToArray();
    }

    public static float[] Score(IItemScorer model, in ItemQuery query)
    {
        float[] scores = new float[model.ItemCount];
        model.ScoreItems(query, scores);
        return scores;
    }
}
