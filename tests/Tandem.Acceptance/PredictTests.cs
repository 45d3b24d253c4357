using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Tandem.Testing;

namespace Tandem.Acceptance;

/// <summary>A system whose answer is a probability, from events to predictions: what stands on top is clicked often.</summary>
public sealed class PredictTests
{
    private static readonly Dictionary<string, string?> Nothing = [];

    [Fact]
    public async Task UpTrainUp_OfATaskThatPredicts_AnswersProbabilities()
    {
        using TestFolder folder = new();
        await File.WriteAllTextAsync(folder["tandem.yaml"], AdClicks.Design);
        using (RunningService service = await RunningService.StartAsync(folder.Path, Nothing))
        {
            (int accepted, int refused) = await service.SendAsync(AdClicks.Events());
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
}
