using System.Globalization;
using Tandem.Numerics;

namespace Tandem.Acceptance;

/// <summary>A system whose answer is a probability: what stands on top is clicked often.</summary>
internal static class AdClicks
{
    public const string Design = """
        name: ads
        objective:
          task: binary
          label: {event: click, impression: impression, window: 10m}
          decision: {by: cost}
        sources:
          impression: {entities: [user, ad], columns: {slot: text}}
          click: [user, ad]
        entities: {user: {}, ad: {}}
        features:
          asked: {compute: {is_top: 'if(request.slot == "top", 1, 0)'}}
          ad_clicks: {entity: ad, source: click, aggregates: {clicks: count over 7d}}
        training:
          split: {by: time, test: 12h, gap: 10m}
          most_alone: 1
        evaluation: {metrics: [log_loss, normalised_entropy], gate: {metric: log_loss}}
        """;

    private const int AdCount = 20;

    /// <summary>Two days of impressions: on top they are clicked at 0.6, at the bottom at 0.1.</summary>
    public static IEnumerable<string> Events()
    {
        SeededRandom random = new(seed: 11);
        DateTime now = TimeProvider.System.GetUtcNow().UtcDateTime;
        for (int request = 0; request < 1200; request++)
        {
            DateTime time = now.AddHours(-48).AddMinutes(request * 48 * 60 / 1300.0);
            string user = $"u{random.NextInt(50)}";
            for (int place = 0; place < 2; place++)
            {
                int ad = random.NextInt(AdCount);
                yield return Event("impression", $"i{request}-{place}", request, user, ad, time, $"\"slot\":\"{(place == 0 ? "top" : "bottom")}\"");
                if (random.NextDouble() < (place == 0 ? 0.6 : 0.1))
                {
                    yield return Event("click", $"c{request}-{place}", request, user, ad, time.AddSeconds(20), "");
                }
            }
        }
    }

    private static string Event(
        string type, string id, int request, string user, int ad, DateTime time, string data) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"id\":\"{id}\",\"type\":\"{type}\",\"entities\":{{\"user\":\"{user}\",\"ad\":\"a{ad}\"}}," +
        $"\"time\":\"{time:yyyy-MM-ddTHH:mm:ssZ}\",\"request\":\"r{request}\",\"data\":{{{data}}}}}");
}
