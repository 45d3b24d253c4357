using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Tandem.Numerics;
using Tandem.Testing;

namespace Tandem.Acceptance;

/// <summary>A system whose answer is a probability, from events to predictions: half of the ads are clicked often.</summary>
public sealed class PredictTests
{
    private const int AdCount = 20;

    private static readonly Dictionary<string, string?> Nothing = [];

    [Fact]
    public async Task UpTrainUp_OfATaskThatPredicts_AnswersProbabilities()
    {
        using TestFolder folder = new();
        await File.WriteAllTextAsync(folder["tandem.yaml"], """
            name: ads
            objective:
              task: binary
              label: {event: click, impression: impression, window: 10m}
            sources:
              impression: {entities: [user, ad], columns: {slot: text}}
              click: [user, ad]
            entities: {user: {}, ad: {}}
            features:
              ad_clicks: {entity: ad, source: click, aggregates: {clicks: count over 7d}}
              ad_exposure: {entity: ad, source: impression, aggregates: {shown: count over 7d}}
              ad_rate: {compute: {rate: ad_clicks:clicks / ad_exposure:shown}}
            training:
              split: {by: time, test: 12h, gap: 10m}
              most_alone: 1
            evaluation: {metrics: [log_loss, normalised_entropy], gate: {metric: log_loss}}
            """);
        using (RunningService service = await RunningService.StartAsync(folder.Path, Nothing))
        {
            (int accepted, int refused) = await service.SendAsync(Events());
            Assert.Equal((true, 0), (accepted > 3000, refused));
            using StringContent all = new("""{"end_ts":"2100-01-01T00:00:00Z"}""", Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
            using JsonDocument inLake = await service.AskAsync("/materialize-incremental", all);
        }

        CommandResult trained = (await CommandLine.RunAsync(folder.Path, "train", "--json")).Expect(0);
        using RunningService again = await RunningService.StartAsync(folder.Path, Nothing);
        using StringContent body = new(
            """{"user":"u1","items":["a0","a1","never seen"],"context":{"slot":"top"},"shown":true}""",
            Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using JsonDocument answer = await again.AskAsync("/v1/predict", body);

        using var run = JsonDocument.Parse(trained.Output);
        Assert.Equal("constant", run.RootElement.GetProperty("verdict").GetProperty("against").GetString());
        double[] probabilities =
        [
            .. answer.RootElement.GetProperty("predictions").EnumerateArray()
                .Select(static each => each.GetProperty("probability").GetDouble()),
        ];
        Assert.Equal(3, probabilities.Length);
        Assert.True(probabilities[1] > probabilities[0] + 0.2, string.Join(' ', probabilities));
        Assert.Equal("1", answer.RootElement.GetProperty("model_version").GetString());
    }

    /// <summary>Two days of impressions: odd ads are clicked at 0.6, even ones at 0.1.</summary>
    private static IEnumerable<string> Events()
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
                yield return Event("impression", $"i{request}-{place}", request, user, ad, time, "\"slot\":\"top\"");
                if (random.NextDouble() < (ad % 2 == 1 ? 0.6 : 0.1))
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
