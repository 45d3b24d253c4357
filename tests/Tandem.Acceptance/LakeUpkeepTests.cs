using System.Text.Json;

namespace Tandem.Acceptance;

/// <summary>Merge and vacuum of the lake by the command line.</summary>
public sealed class LakeUpkeepTests
{
    [Fact]
    public async Task MergeThenVacuum_LeaveEveryEventInFewerFiles()
    {
        using Shop shop = new(users: 20);
        (await shop.RunAsync("import")).Expect(0);
        await File.AppendAllTextAsync(
            shop["purchases.csv"], "d1,p1,2026-01-01T03:00:00Z\nd1,p2,2026-01-02T03:00:00Z\n");
        (await shop.RunAsync("import")).Expect(0);
        string[] events = [.. (await shop.LakeAsync()).Order(StringComparer.Ordinal)];

        string[] untouched = Files(shop);
        CommandResult planned = (await shop.RunAsync("lake", "merge", "--dry-run")).Expect(0);
        Assert.Contains("Nothing was merged. It would be 4 files into", planned.Output, StringComparison.Ordinal);
        Assert.Equal(untouched, Files(shop), StringComparer.Ordinal);
        using var merge = JsonDocument.Parse((await shop.RunAsync("lake", "merge", "--json")).Expect(0).Output);
        int sources = merge.RootElement.GetProperty("files").EnumerateArray()
            .Sum(static merged => merged.GetProperty("sources").GetInt32());
        string[] before = Files(shop);
        CommandResult shown = (await shop.RunAsync("lake", "vacuum", "--keep", "1", "--dry-run")).Expect(0);
        Assert.Contains("Nothing was removed.", shown.Output, StringComparison.Ordinal);
        Assert.Contains("manifest 1", shown.Output, StringComparison.Ordinal);
        Assert.Equal(before, Files(shop), StringComparer.Ordinal);
        (await shop.RunAsync("lake", "vacuum")).Expect(0);
        Assert.Equal(before, Files(shop), StringComparer.Ordinal);
        using var vacuum = JsonDocument.Parse(
            (await shop.RunAsync("lake", "vacuum", "--keep", "1", "--json")).Expect(0).Output);

        Assert.Equal(shop.Rows + 2, events.Length);
        Assert.Equal(4, sources);
        Assert.Equal(sources, vacuum.RootElement.GetProperty("files").GetArrayLength());
        Assert.Equal(before.Length - sources, Files(shop).Length);
        Assert.Equal(events, (await shop.LakeAsync()).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Contains("Nothing to merge", (await shop.RunAsync("lake", "merge")).Expect(0).Output,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--keep", "0", "keep at least 1")]
    [InlineData("--keep-for", "soon", "no length of time")]
    public async Task Vacuum_WithAFlagOutOfRange_IsRefused(string flag, string value, string says)
    {
        using Shop shop = new(users: 2);

        CommandResult refused = (await shop.RunAsync("lake", "vacuum", flag, value)).Expect(2);

        string[] words = refused.Error.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(says, string.Join(' ', words), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("merge")]
    [InlineData("vacuum")]
    public async Task Help_ShowsExamples(string verb)
    {
        using Shop shop = new(users: 2);

        CommandResult help = (await shop.RunAsync("lake", verb, "--help")).Expect(0);

        Assert.Contains($"Examples:\n  tandem lake {verb}", help.Output, StringComparison.Ordinal);
    }

    private static string[] Files(Shop shop) =>
    [
        .. Directory.GetFiles(shop[".tandem/default/lake/events"], "*.parquet", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal),
    ];
}
