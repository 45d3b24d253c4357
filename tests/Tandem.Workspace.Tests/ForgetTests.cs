using System.Text;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Lake;
using Tandem.Storage;

namespace Tandem.Workspace.Tests;

public sealed class ForgetTests
{
    [Fact]
    public async Task ForgetAsync_OfAPerson_LeavesNoTraceInAnyFileButTheReceiptsHash()
    {
        using SmallWorkspace small = new();
        await using (TandemWorkspace workspace = await small.OpenAsync())
        {
            await RecordAsync(small, workspace);

            ForgetReceipt planned = await workspace.ForgetAsync("user", "u7", isDryRun: true);
            ForgetReceipt receipt = await workspace.ForgetAsync("user", "u7");

            Assert.Equal(planned.Places, receipt.Places);
            Assert.Equal(12, receipt.LakeFiles.Sum(static file => file.Rows));
            Assert.Equal(12, receipt.Log.Sum(static segment => segment.Lines));
            Assert.Equal(1, receipt.QuarantinedRows);
            Assert.Equal([1], receipt.Models);
            Assert.NotNull(receipt.Finished);
            Assert.Equal(0, (await workspace.ForgetAsync("user", "u7")).Places);
        }

        await using TandemWorkspace again = await small.OpenAsync();
        IReadOnlyDictionary<string, string[]> left = await again.ReadInteractionsAsync();
        Assert.Equal(39, left.Count);
        Assert.False(left.ContainsKey("u7"));
        Assert.Equal(39 * 12, (await again.ReadLogAsync()).Count(static e => e.Type == "play"));
        Assert.True(await again.IsErasedFromAsync((await again.Registry.ListAsync(again.Spec.Name).ToListAsync())[0]));
        using LakeConsole console = await again.OpenLakeConsoleAsync();
        using LakeReader rows = console.Query("select count(*) from play where user = 'u7'");
        Assert.True(rows.Read());
        Assert.Equal("0", rows.Text(0, 0));
        Assert.Empty(small.TextFilesWith("\"u7\""));
        await again.StartServingAsync();
        Assert.Empty(again.ReadHistory("u7"));
        Assert.NotEmpty(again.ReadHistory("u8"));
    }

    [Fact]
    public async Task ForgetAsync_AgainAfterOneThatWasCutShort_FinishesItWithTheWholeReceipt()
    {
        using SmallWorkspace small = new();
        await using TandemWorkspace workspace = await small.OpenAsync();
        await RecordAsync(small, workspace);
        ForgetReceipt planned = await workspace.ForgetAsync("user", "u7", isDryRun: true);
        string request = small.KeepRequest(planned with { Id = "u7" });
        await workspace.Lake.EraseAsync(new ErasedPerson("user", "u7"));

        ForgetReceipt receipt = await workspace.ForgetAsync("user", "u7");

        Assert.Equal(planned.Places, receipt.Places);
        Assert.Equal(
            planned.LakeFiles.Select(static file => file.Key).Order(StringComparer.Ordinal),
            receipt.LakeFiles.Select(static file => file.Key).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.False(File.Exists(request));
    }

    [Fact]
    public async Task ForgetAsync_DeletesWhatDeadWritersLeftOnItsWay_AndNoLiveOnes()
    {
        using SmallWorkspace small = new();
        await using TandemWorkspace workspace = await small.OpenAsync();
        await RecordAsync(small, workspace);
        string staging = Path.Combine(small.StoreFolder, ".staging");
        string dead = Path.Combine(staging, "dead");
        string draft = Path.Combine(small.LogFolder, "00000000000000000000.jsonl.erasing");
        await File.WriteAllTextAsync(dead, "{\"user\":\"u7\"}");
        await File.WriteAllTextAsync(draft, "{\"user\":\"u7\"}");
        using var live = StagedFile.Create(staging);

        await workspace.ForgetAsync("user", "u7", isDryRun: true);
        Assert.True(File.Exists(dead));
        Assert.True(File.Exists(draft));
        await workspace.ForgetAsync("user", "u7");

        Assert.Equal([live.Path], Directory.GetFiles(staging));
        Assert.False(File.Exists(draft));
    }

    [Fact]
    public async Task ForgetAsync_WhereAllOfTheLogIsTrimmed_StillDeletesWhatARepairKept()
    {
        using SmallWorkspace small = new()
        {
            Journal = new FileJournalOptions { Folder = "log", Durability = Durability.None, RememberedIdCount = 0 },
        };
        await using TandemWorkspace workspace = await small.OpenAsync();
        await small.RecordAsync(workspace);
        await workspace.CompactAsync();
        await workspace.TrimLogAsync(new JournalRetention { Bytes = 0 });
        Assert.Empty(await workspace.Journal.ClosedSegmentsAsync(workspace.Journal.Begin));
        string removed = Directory.CreateDirectory(Path.Combine(small.LogFolder, JournalRepair.RemovedFolder)).FullName;
        await File.WriteAllTextAsync(Path.Combine(removed, "7.bytes"), "\"entities\":{\"user\":\"u7\"");
        await File.WriteAllTextAsync(Path.Combine(removed, "8.bytes"), "\"entities\":{\"user\":\"u8\"");

        ForgetReceipt receipt = await workspace.ForgetAsync("user", "u7");

        Assert.Equal(["8.bytes"], Directory.GetFiles(removed).Select(path => Path.GetFileName(path)!), StringComparer.Ordinal);
        Assert.Contains(receipt.Log, static lines => lines.Segment == "removed/7.bytes");
    }

    [Fact]
    public async Task ForgetAsync_WhileTheLakeIsMergedAndVacuumed_TakesItsTurn()
    {
        using SmallWorkspace small = new();
        await using TandemWorkspace workspace = await small.OpenAsync();
        for (int day = 1; day <= 5; day++)
        {
            await workspace.IngestAsync(
                [.. Enumerable.Range(1, 9).Select(user => SmallWorkspace.Bytes(small.Play(user, day, TimeSpan.FromHours(day))))]);
            await workspace.CompactAsync();
        }

        await Task.WhenAll(
            workspace.ForgetAsync("user", "u7"), workspace.MergeLakeAsync(), workspace.VacuumLakeAsync(),
            workspace.ForgetAsync("user", "u8"), workspace.MergeLakeAsync(), workspace.VacuumLakeAsync());

        using LakeConsole console = await workspace.OpenLakeConsoleAsync();
        using LakeReader rows = console.Query("select count(*), count(distinct user) from play");
        Assert.True(rows.Read());
        Assert.Equal(("35", "7"), (rows.Text(0, 0), rows.Text(1, 0)));
    }

    [Fact]
    public async Task ForgetAsync_WhileServing_IsRefused()
    {
        using SmallWorkspace small = new();
        await using TandemWorkspace workspace = await small.OpenAsync();
        await small.RecordAsync(workspace);
        await workspace.StartServingAsync();

        TandemException failure = await Assert.ThrowsAsync<TandemException>(
            () => workspace.ForgetAsync("user", "u7"));

        Assert.Equal("WSP050", failure.Fault.Code);
    }

    private static async Task RecordAsync(SmallWorkspace small, TandemWorkspace workspace)
    {
        await small.RecordAsync(workspace);
        await workspace.CompactAsync();
        await workspace.TrainAsync(Registry.TrainingCause.Manual);
        string bad = small.Play(7, 1, TimeSpan.FromHours(1), fraction: 7);
        IReadOnlyList<EventOutcome> outcomes = await workspace.IngestAsync([Encoding.UTF8.GetBytes(bad)]);
        Assert.NotNull(outcomes[0].Fault);
    }
}
