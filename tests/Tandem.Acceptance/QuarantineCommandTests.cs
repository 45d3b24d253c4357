using System.Text.Json;

namespace Tandem.Acceptance;

/// <summary>Refused rows from the terminal: seen, judged again, given up.</summary>
public sealed class QuarantineCommandTests : IDisposable
{
    private readonly Shop _shop = new();

    public void Dispose() => _shop.Dispose();

    [Fact]
    public async Task Rows_AreListedShownAndDropped_OnlyWhereItIsSaidWhich()
    {
        await File.AppendAllTextAsync(_shop["purchases.csv"], "c1,p1,yesterday\nc2,,2026-01-01T00:00:00Z\n");
        (await RunAsync("import")).Expect(0);

        using var list = JsonDocument.Parse((await RunAsync("quarantine", "list", "--json")).Expect(0).Output);
        JsonElement[] rows = [.. list.RootElement.GetProperty("rows").EnumerateArray()];
        string first = rows[0].GetProperty("id").GetString()!;
        string shown = (await RunAsync("quarantine", "show", first)).Expect(0).Output;
        CommandResult unsaid = (await RunAsync("quarantine", "drop")).Expect(2);
        using var dropped = JsonDocument.Parse(
            (await RunAsync("quarantine", "drop", "--ids", first, "--json")).Expect(0).Output);
        using var replayed = JsonDocument.Parse((await RunAsync("quarantine", "replay", "--json")).Expect(1).Output);
        string rest = (await RunAsync("quarantine", "list")).Expect(0).Output;

        Assert.Equal(2, list.RootElement.GetProperty("count").GetInt32());
        Assert.Equal("purchases.csv", rows[0].GetProperty("file").GetString());
        Assert.Contains("c1,p1,yesterday", shown, StringComparison.Ordinal);
        Assert.Contains("WSP027", unsaid.Error, StringComparison.Ordinal);
        Assert.Equal(1, dropped.RootElement.GetProperty("dropped").GetInt32());
        Assert.Equal(1, replayed.RootElement.GetProperty("refused").GetInt32());
        Assert.Contains("1 of 1 rows", rest, StringComparison.Ordinal);
        Assert.DoesNotContain(first, rest, StringComparison.Ordinal);
    }

    private Task<CommandResult> RunAsync(params string[] arguments) => CommandLine.RunAsync(_shop.Path, arguments);
}
