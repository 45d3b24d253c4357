using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Tandem.Numerics;
using Tandem.Testing;

namespace Tandem.Acceptance;

/// <summary>A system whose answer is a probability, from events to predictions: what stands on top is clicked often.</summary>
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
              asked: {compute: {is_top: 'if(request.slot == "top", 1, 0)'}}
              ad_clicks: {entity: ad, source: click, aggregates: {clicks: count over 7d}}
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
        double top = await AskAsync(again, "top");
        double bottom = await AskAsync(again, "bottom");

        using var run = JsonDocument.Parse(trained.Output);
        Assert.Equal("constant", run.RootElement.GetProperty("verdict").GetProperty("against").GetString());
        Assert.InRange(top, 0.45, 0.75);
        Assert.InRange(bottom, 0, 0.25);
    }

    private static async Task<double> AskAsync(RunningService service, string slot)
    {
        using StringContent body = new(
            $$$"""{"user":"u1","items":["a0","never seen"],"context":{"slot":"{{{slot}}}"},"shown":true}""",
            Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using JsonDocument answer = await service.AskAsync("/v1/predict", body);
        Assert.Equal("1", answer.RootElement.GetProperty("model_version").GetString());
        return answer.RootElement.GetProperty("predictions").EnumerateArray()
            .First().GetProperty("probability").GetDouble();
    }

    /// <summary>Two days of impressions: on top they are clicked at 0.6, at the bottom at 0.1.</summary>
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
