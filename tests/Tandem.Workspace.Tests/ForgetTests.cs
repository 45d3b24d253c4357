using System.Text;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Lake;

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
