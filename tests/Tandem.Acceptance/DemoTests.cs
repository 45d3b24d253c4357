using System.Text.Json;
using Tandem.Testing;

namespace Tandem.Acceptance;

/// <summary>The demonstration, small: both loops through the raw log, and a drift that is found and answered.</summary>
public sealed class DemoTests
{
    private const int DriftDay = 17;

    [Fact]
    public async Task Demo_SmallAsJson_LivesFourDaysAndAnswersTheDrift()
    {
        using TestFolder folder = new();

        CommandResult result = (await CommandLine.RunAsync(
            folder.Path, "demo", "--exit", "--json", "--scale", "0.2", "--address", "http://127.0.0.1:0")).Expect(0);

        using var json = JsonDocument.Parse(result.Output);
        JsonElement root = json.RootElement;
        Assert.True(root.GetProperty("history").GetProperty("events").GetInt64() > 150_000);
        JsonElement[] days = [.. root.GetProperty("days").EnumerateArray()];
        Assert.Equal([15, 16, 17, 18], days.Select(day => day.GetProperty("day").GetInt32()));
        Assert.All(days, AssertLived);
        Assert.All(days, day =>
        {
            int number = day.GetProperty("day").GetInt32();
            bool isDetected = day.TryGetProperty("detected_at", out JsonElement at) && at.ValueKind == JsonValueKind.String;
            Assert.True(number > DriftDay || isDetected == (number == DriftDay), $"Day {number}: {isDetected}");
        });
        Assert.Contains(
            days.Where(day => day.GetProperty("day").GetInt32() >= DriftDay)
                .SelectMany(day => day.GetProperty("runs").EnumerateArray())
                .Select(run => run.GetString()!),
            run => run.Contains("(drift,", StringComparison.Ordinal)
                && run.Contains("): promoted:", StringComparison.Ordinal));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    private static void AssertLived(JsonElement day)
    {
        Assert.True(day.GetProperty("requests").GetInt32() > 0);
        Assert.Equal(0, day.GetProperty("failures").GetInt32());
        Assert.Matches("^0 of [0-9,]+ values of [0-9,]+ answers differ", day.GetProperty("skew").GetString());
        double low = day.GetProperty("oracle_ndcg_low").GetDouble();
        double high = day.GetProperty("oracle_ndcg_high").GetDouble();
        Assert.InRange(day.GetProperty("oracle_ndcg").GetDouble(), low, high);
        Assert.InRange(day.GetProperty("oracle_ndcg").GetDouble(), double.Epsilon, 1);
    }
}
