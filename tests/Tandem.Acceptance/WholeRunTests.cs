using System.Globalization;
using System.Text.Json;

namespace Tandem.Acceptance;

/// <summary>One system's whole life through its two doors, terminal and HTTP, on every kind of store.</summary>
public sealed class WholeRunTests
{
    private const int Fresh = 60;
    private const int Visitors = 6;

    [Theory]
    [InlineData("folder")]
    [S3Data("s3")]
    public async Task ASystem_ImportsTrainsServesIsKilledLearnsAndForgets(string store)
    {
        using Shop shop = new(s3: store == "s3" ? new RealS3() : null);
        await File.AppendAllTextAsync(shop["tandem.yaml"], """

            features:
              habit: {entity: user, source: purchase, aggregates: {bought: count over 365d}}
            """);
        await File.AppendAllTextAsync(shop["purchases.csv"], "c1,,2026-01-01T00:00:00Z\n");

        // Training loop: files become events, events a champion.
        (await shop.RunAsync("check")).Expect(0);
        (await shop.RunAsync("import")).Expect(0);
        (await shop.RunAsync("train")).Expect(0);
        Assert.Equal(shop.Rows, await CountAsync(shop, "select count(*) from purchase"));

        // Serving loop: answers, live events, and again after a kill.
        (string, string[]) shown;
        (string, string[]) shownNew;
        string[] fresh = [.. Enumerable.Range(0, Fresh).Select(Event)];
        using (RunningService service = await shop.UpAsync())
        {
            (string version, string[] items) = await service.RecommendAsync("n0");
            Assert.Equal(("1", 5), (version, items.Length));
            Assert.Equal((Fresh, 1), await service.SendAsync([.. fresh, """{"id":"bad","type":"nothing"}"""]));
            Assert.Equal((Fresh, 0), await service.SendAsync(fresh));
            shown = await service.RecommendAsync("c1");
            shownNew = await service.RecommendAsync("n0");
            Assert.NotEqual(items, shownNew.Item2, StringComparer.Ordinal);
            Assert.Equal(Fresh / Visitors, await BoughtAsync(service, "n0"));
            await service.KillAsync();
        }

        using (RunningService service = await shop.UpAsync())
        {
            AssertSame(shown, await service.RecommendAsync("c1"));
            AssertSame(shownNew, await service.RecommendAsync("n0"));
            Assert.Equal(Fresh / Visitors, await BoughtAsync(service, "n0"));
            Assert.Equal((Fresh, 0), await service.SendAsync(fresh));
        }

        // The next model knows the live events; a person decides.
        (await shop.RunAsync("import")).Expect(0);
        using var second = JsonDocument.Parse((await shop.RunAsync("train", "--json")).Output);
        Assert.Equal(2, second.RootElement.GetProperty("version").GetInt32());
        (await shop.RunAsync("models", "--promote", "2", "--why", "the newer")).Expect(0);
        Assert.Equal(shop.Rows + Fresh, await CountAsync(shop, "select count(*) from purchase"));
        CommandResult refused = (await shop.RunAsync("quarantine", "list")).Expect(0);
        Assert.Contains("2 of 2 rows", refused.Output, StringComparison.Ordinal);

        // Upkeep loses nothing; a forgotten person is in no answer.
        (await shop.RunAsync("lake", "merge")).Expect(0);
        (await shop.RunAsync("lake", "vacuum", "--keep", "1")).Expect(0);
        using var receipt = JsonDocument.Parse(
            (await shop.RunAsync("forget", "--user", "n0", "--json")).Expect(0).Output);
        Assert.Equal(
            Fresh / Visitors,
            receipt.RootElement.GetProperty("log").EnumerateArray().Sum(log => log.GetProperty("lines").GetInt32()));
        Assert.Equal(
            shop.Rows + Fresh - (Fresh / Visitors),
            await CountAsync(shop, "select count(distinct event_id) from purchase"));
        Assert.Equal(0, await CountAsync(shop, "select count(*) from purchase where user = 'n0'"));
        using (RunningService service = await shop.UpAsync())
        {
            Assert.Equal("2", (await service.RecommendAsync("c1")).Version);
            Assert.Equal(0, await BoughtAsync(service, "n0"));
            Assert.Equal(Fresh / Visitors, await BoughtAsync(service, "n1"));
        }
    }

    private static string Event(int n) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"id\":\"live-{n}\",\"type\":\"purchase\",\"entities\":{{\"user\":\"n{n % Visitors}\",\"item\":\"p{n % 28}\"}}}}");

    private static async Task<long> CountAsync(Shop shop, string sql)
    {
        string csv = (await shop.RunAsync("lake", "sql", sql, "--format", "csv")).Expect(0).Output;
        return long.Parse(csv.Split('\n')[1], CultureInfo.InvariantCulture);
    }

    private static async Task<double> BoughtAsync(RunningService service, string user)
    {
        using JsonDocument answer = await service.AskAsync($"/v1/features/habit/{user}?events=0");
        JsonElement bought = answer.RootElement.GetProperty("values")[0];
        return bought.TryGetProperty("value", out JsonElement value) ? value.GetDouble() : 0;
    }

    private static void AssertSame((string Version, string[] Items) expected, (string Version, string[] Items) actual)
    {
        Assert.Equal(expected.Version, actual.Version);
        Assert.Equal(expected.Items, actual.Items, StringComparer.Ordinal);
    }
}
