using System.Globalization;
using System.Text;
using Tandem.Numerics;

namespace Tandem.Bench.Predicting;

/// <summary>A system that predicts clicks on ads by ten features, and two days of what it learns from.</summary>
internal static class ClickSystem
{
    public const string Design = """
        name: bench
        objective:
          task: binary
          label: {event: click, impression: impression, window: 10m}
          decision: {by: cost}
        sources:
          impression: {entities: [user, ad], columns: {slot: text, hour: whole}}
          click: [user, ad]
        entities: {user: {}, ad: {}}
        features:
          asked: {compute: {is_top: 'if(request.slot == "top", 1, 0)', hour: request.hour}}
          user_clicks: {entity: user, source: click, aggregates: {clicks_1d: count over 1d, clicks_7d: count over 7d}}
          user_seen: {entity: user, source: impression, aggregates: {seen_1d: count over 1d, seen_7d: count over 7d}}
          ad_clicks: {entity: ad, source: click, aggregates: {clicks_1d: count over 1d, clicks_7d: count over 7d}}
          ad_seen: {entity: ad, source: impression, aggregates: {seen_1d: count over 1d, seen_7d: count over 7d}}
        training:
          split: {by: time, test: 12h, gap: 10m}
          most_alone: 1
        evaluation: {metrics: [log_loss], gate: {metric: log_loss}}
        """;

    public const int ItemsAsked = 10;

    private const int Requests = 2_000;
    private const int Users = 200;
    private const int Ads = 100;

    /// <summary>The id of an ad.</summary>
    public static string Ad(int ad) => string.Create(CultureInfo.InvariantCulture, $"a{ad}");

    /// <summary>The body of a question: its number alone says who asks for which ads.</summary>
    public static string Question(int number)
    {
        string items = string.Join(',', Enumerable.Range(0, ItemsAsked).Select(place => $"\"{Ad(((number * 7) + (place * 3)) % Ads)}\""));
        return string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"user":"u{{{number % Users}}}","items":[{{{items}}}],"context":{"slot":"top","hour":{{{number % 24}}}}}""");
    }

    /// <summary>Two ads a request, clicked at 0.5 on top and at 0.1 below.</summary>
    /// <param name="now">When the last of them happened.</param>
    public static IEnumerable<ReadOnlyMemory<byte>> Events(DateTimeOffset now)
    {
        SeededRandom random = new(seed: 1);
        for (int request = 0; request < Requests; request++)
        {
            DateTimeOffset time = now.AddHours(-48 + (48.0 * request / Requests));
            int user = random.NextInt(Users);
            for (int place = 0; place < 2; place++)
            {
                int ad = random.NextInt(Ads);
                string slot = place == 0 ? "top" : "side";
                yield return Event("impression", request, place, user, ad, time, $"\"slot\":\"{slot}\",\"hour\":{time.Hour}");
                if (random.NextDouble() < (place == 0 ? 0.5 : 0.1))
                {
                    yield return Event("click", request, place, user, ad, time.AddSeconds(20), "");
                }
            }
        }
    }

    private static ReadOnlyMemory<byte> Event(
        string type, int request, int place, int user, int ad, DateTimeOffset time, string data) =>
        Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"id\":\"{type}{request}-{place}\",\"type\":\"{type}\",\"entities\":{{\"user\":\"u{user}\",\"ad\":\"{Ad(ad)}\"}}," +
            $"\"time\":\"{time.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}\",\"request\":\"r{request}\",\"data\":{{{data}}}}}"));
}
