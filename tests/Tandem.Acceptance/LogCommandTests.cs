using System.Text.Json;
using Tandem.Events;

namespace Tandem.Acceptance;

/// <summary>A damaged raw log, from the message to the system that runs again.</summary>
public sealed class LogCommandTests
{
    [Fact]
    public async Task Repair_OfADamagedEvent_LosesThatEventAndImportBringsItBack()
    {
        using Shop shop = new(users: 50);
        (await shop.RunAsync("import")).Expect(0);
        string segment = shop[".tandem/default/log/00000000000000000000.jsonl"];
        byte[] bytes = await File.ReadAllBytesAsync(segment);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(segment, bytes);

        CommandResult shown = (await shop.RunAsync("log", "repair")).Expect(1);
        Assert.Contains("events: skipped, lost", shown.Output, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(segment));
        CommandResult repaired = (await shop.RunAsync("log", "repair", "--yes", "--json")).Expect(0);

        using var report = JsonDocument.Parse(repaired.Output);
        JsonElement damage = Assert.Single(report.RootElement.GetProperty("damages").EnumerateArray());
        Assert.True(report.RootElement.GetProperty("repaired").GetBoolean());
        Assert.Equal("Lines", damage.GetProperty("kind").GetString());
        Assert.Equal(
            damage.GetProperty("length").GetInt64(), new FileInfo(damage.GetProperty("kept_at").GetString()!).Length);
        Assert.Equal(shop.Rows - 1, (await shop.LogAsync()).Count);
        (await shop.RunAsync("log", "repair")).Expect(0);

        // A lake made anew reads the gap; the import sends everything again, of which the log misses one event.
        Directory.Delete(shop[".tandem/default/lake"], recursive: true);
        (await shop.RunAsync("import")).Expect(0);
        Assert.Equal(shop.Rows, (await shop.LogAsync()).Count);
        Assert.Equal(shop.Rows, (await shop.LakeAsync()).Count);
    }

    [Fact]
    public async Task List_NamesTheSegments()
    {
        using Shop shop = new(users: 50);
        (await shop.RunAsync("import")).Expect(0);

        CommandResult table = (await shop.RunAsync("log", "ls")).Expect(0);
        CommandResult json = (await shop.RunAsync("log", "ls", "--json")).Expect(0);

        Assert.Contains("00000000000000000000.jsonl", table.Output, StringComparison.Ordinal);
        using var listing = JsonDocument.Parse(json.Output);
        JsonElement[] segments = [.. listing.RootElement.GetProperty("segments").EnumerateArray()];
        Assert.Equal([true, false], segments.Select(segment => segment.GetProperty("closed").GetBoolean()));
        Assert.Equal(
            segments[0].GetProperty("bytes").GetInt64(), segments[1].GetProperty("position").GetInt64());
    }

    [Fact]
    public async Task Import_WhileAnotherProcessWrites_IsRefusedWithItsId()
    {
        using Shop shop = new(users: 50);
        await using FileJournal journal = await FileJournal.OpenAsync(
            new FileJournalOptions { Folder = shop[".tandem/default/log"] }, TimeProvider.System);

        CommandResult refused = (await shop.RunAsync("import")).Expect(2);

        Assert.Contains("EVT006", refused.Error, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId};", refused.Error, StringComparison.Ordinal);
    }
}
