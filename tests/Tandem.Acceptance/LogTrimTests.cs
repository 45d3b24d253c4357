using System.Text.Json;

namespace Tandem.Acceptance;

/// <summary>Retention of the raw log by the command line.</summary>
public sealed class LogTrimTests
{
    [Fact]
    public async Task Trim_GoesAsFarAsTheNamedReader_AndTheSystemRunsOn()
    {
        using Shop shop = new(users: 50);
        await File.WriteAllTextAsync(shop["tandem.json"], """{"journal":{"remembered_ids":0}}""");
        (await shop.RunAsync("import")).Expect(0);
        List<string> events = await shop.LogAsync();

        (await shop.RunAsync("log", "readers", "set", "export")).Expect(0);
        CommandResult held = (await shop.RunAsync("log", "trim", "--keep-bytes", "0", "--dry-run")).Expect(0);
        CommandResult listed = (await shop.RunAsync("log", "ls")).Expect(0);
        Assert.Contains("reader 'export' reads on at 0", Words(held.Output), StringComparison.Ordinal);
        Assert.Contains("export", listed.Output, StringComparison.Ordinal);
        Assert.Equal(events, await shop.LogAsync(), StringComparer.Ordinal);

        (await shop.RunAsync("log", "readers", "rm", "export")).Expect(0);
        (await shop.RunAsync("log", "readers", "rm", "export")).Expect(1);
        using var trim = JsonDocument.Parse(
            (await shop.RunAsync("log", "trim", "--keep-bytes", "0", "--json")).Expect(0).Output);
        using var listing = JsonDocument.Parse((await shop.RunAsync("log", "ls", "--json")).Expect(0).Output);

        Assert.NotEqual(0, trim.RootElement.GetProperty("removed").GetArrayLength());
        Assert.Equal(
            trim.RootElement.GetProperty("begin").GetInt64(),
            listing.RootElement.GetProperty("segments")[0].GetProperty("position").GetInt64());
        Assert.Empty(await shop.LogAsync());
        Assert.Equal(events.Order(StringComparer.Ordinal), (await shop.LakeAsync()).Order(StringComparer.Ordinal));
        (await shop.RunAsync("log", "repair")).Expect(0);
        (await shop.RunAsync("train")).Expect(0);
        (await shop.RunAsync("import")).Expect(0);
        Assert.Equal(shop.Rows, (await shop.LakeAsync()).Count);
    }

    [Theory]
    [InlineData("--keep-bytes", "-1", "is negative")]
    [InlineData("--older-than", "soon", "no length of time")]
    public async Task Trim_WithAFlagOutOfRange_IsRefused(string flag, string value, string says)
    {
        using Shop shop = new(users: 2);

        CommandResult refused = (await shop.RunAsync("log", "trim", flag, value)).Expect(2);

        Assert.Contains(says, Words(refused.Error), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trim")]
    [InlineData("readers")]
    public async Task Help_ShowsExamples(string verb)
    {
        using Shop shop = new(users: 2);

        CommandResult help = (await shop.RunAsync("log", verb, "--help")).Expect(0);

        Assert.Contains($"Examples:\n  tandem log {verb}", help.Output, StringComparison.Ordinal);
    }

    private static string Words(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
