using System.Globalization;
using Tandem.Numerics;

namespace Tandem.Workspace.Tests;

/// <summary>A small system whose items are hot for an hour each, in turn by thirds; people choose what is hot.</summary>
internal static class HotItems
{
    /// <summary>Probability that what is hot is chosen.</summary>
    public const double Hot = 0.8;

    /// <summary>Probability that something else is.</summary>
    public const double Cold = 0.1;

    private const int Hours = 30;

    /// <summary>True where an item is hot when the record ends.</summary>
    public static bool IsHot(string item) =>
        int.Parse(item.AsSpan(1), CultureInfo.InvariantCulture) % 3 == (Hours - 1) % 3;

    /// <summary>The system: it ranks by how much was chosen lately.</summary>
    public static SmallWorkspace Create()
    {
        SmallWorkspace small = new();
        small.Mend("any_of: [watch_fraction >= 0.5]", "window: 30m");
        small.Mend(
            """
              user_activity:
                entity: user
                source: play
                aggregates:
                  plays_7d: count over 7d
            """,
            """
              item_play:
                entity: item
                source: play
                aggregates:
                  lately: count over 20m
              user_play:
                entity: user
                source: play
                aggregates:
                  plays_7d: count over 7d
            """);
        small.Mend("retrieve: {kind: ials, factors: 8, epochs: 3}", "retrieve: popular\n  rank: logistic");
        small.Mend("split: {by: leave-last-out}", "split: {by: time, test: 6h}\n  most_alone: 1");
        small.Mend("metrics: [recall@5, ndcg@5]", "metrics: [shown_auc, recall@5]");
        small.Mend("gate: {metric: ndcg@5}", "gate: {metric: shown_auc}");
        return small;
    }

    /// <summary>Requests of thirty hours as they happen: one every two minutes, told every four.</summary>
    public static async Task RecordAsync(SmallWorkspace small, TandemWorkspace workspace)
    {
        SeededRandom random = new(seed: 5);
        for (int step = 0; step < Hours * 15; step++)
        {
            int hour = step / 15;
            List<ReadOnlyMemory<byte>> lines = [];
            if (step % 15 == 0)
            {
                AddCategories(lines, small.Clock.GetUtcNow(), hour);
            }

            small.Clock.Advance(TimeSpan.FromMinutes(4));
            for (int n = 0; n < 2; n++)
            {
                AddRequest(lines, ref random, small.Clock.GetUtcNow().AddMinutes(-2 * (n + 1)), $"r{step}-{n}", hour);
            }

            Assert.All(await workspace.IngestAsync(lines), static outcome => Assert.Null(outcome.Fault));
        }
    }

    /// <summary>Rows of the table: what is hot from now on.</summary>
    private static void AddCategories(List<ReadOnlyMemory<byte>> lines, DateTimeOffset time, int hour)
    {
        for (int item = 0; item < 30; item++)
        {
            string category = item % 3 == hour % 3 ? "hot" : "cold";
            lines.Add(SmallWorkspace.Bytes(string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"id\":\"t{hour}-{item}\",\"type\":\"thing\",\"entities\":{{\"item\":\"v{item}\"}}," +
                $"\"time\":\"{time:yyyy-MM-ddTHH:mm:ss}Z\",\"data\":{{\"category\":\"{category}\"}}}}")));
        }
    }

    private static void AddRequest(
        List<ReadOnlyMemory<byte>> lines, ref SeededRandom random, DateTimeOffset time, string request, int hour)
    {
        int user = random.NextInt(40);
        int[] items = [.. Enumerable.Range(0, 30)];
        for (int position = 0; position < 4; position++)
        {
            int drawn = position + random.NextInt(items.Length - position);
            (items[position], items[drawn]) = (items[drawn], items[position]);
            int item = items[position];
            lines.Add(Line("impression", $"i{position}", request, user, item, time, ""));
            if (random.NextDouble() < (item % 3 == hour % 3 ? Hot : Cold))
            {
                lines.Add(Line(
                    "play", $"p{position}", request, user, item, time.AddSeconds(10),
                    ",\"data\":{\"watch_fraction\":0.9}"));
            }
        }
    }

    private static ReadOnlyMemory<byte> Line(
        string type, string mark, string request, int user, int item, DateTimeOffset time, string data) =>
        SmallWorkspace.Bytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"id\":\"{request}-{mark}\",\"type\":\"{type}\",\"entities\":{{\"user\":\"u{user}\",\"item\":\"v{item}\"}}," +
            $"\"time\":\"{time:yyyy-MM-ddTHH:mm:ss}Z\",\"request\":\"{request}\"{data}}}"));
}
