using Tandem.Faults;
using Tandem.Features;
using Tandem.Lake;
using Tandem.Registry;
using Tandem.Storage;
using Tandem.Testing;
using Tandem.Training;

namespace Tandem.Workspace.Tests;

/// <summary>A disk that becomes full under a whole system, at every place where a piece of work writes: the error is
/// clear, reading goes on, and the same work succeeds once there is room.</summary>
/// <remarks>Each work runs with no room at all, then with a page more, until the room suffices. The raw log's own
/// writes are in the tests of its room.</remarks>
public sealed class FullDiskTests : IDisposable
{
    private const int DiskKilobytes = 16 * 1024;
    private const int PageBytes = 4096;
    private const int MostPages = 400;

    private readonly SmallWorkspace _small = new();
    private readonly SmallDisk _disk;
    private int _plays;
    private int _number;

    public FullDiskTests()
    {
        Directory.CreateDirectory(_small.StoreFolder);
        _disk = SmallDisk.Mount(DiskKilobytes, _small.StoreFolder);
    }

    public void Dispose()
    {
        _disk.Dispose();
        _small.Dispose();
    }

    [SmallDiskFact]
    public async Task CompactAsync_OnADiskThatFills_SucceedsOnceThereIsRoom() => await RunAsync(
        workspace => PlayAsync(workspace, 20),
        workspace => workspace.CompactAsync());

    [SmallDiskFact]
    public async Task MergeLakeAsync_OnADiskThatFills_SucceedsOnceThereIsRoom() => await RunAsync(
        async workspace =>
        {
            for (int part = 0; part < 3; part++)
            {
                await PlayAsync(workspace, 10);
                await workspace.CompactAsync();
            }
        },
        workspace => workspace.MergeLakeAsync());

    [SmallDiskFact]
    public async Task ForgetAsync_OnADiskThatFills_SucceedsOnceThereIsRoom()
    {
        int first = 0;
        await RunAsync(
            async workspace =>
            {
                first = _number;
                await PlayAsync(workspace, 10);
                await workspace.CompactAsync();
            },
            async workspace =>
            {
                await workspace.ForgetAsync("user", $"u{first}");
                Assert.Equal(0, (await workspace.ForgetAsync("user", $"u{first}", isDryRun: true)).Places);
            },
            lost: 1);
    }

    [SmallDiskFact]
    public async Task TrainAsync_OnADiskThatFills_SucceedsOnceThereIsRoom()
    {
        await using (TandemWorkspace workspace = await _small.OpenAsync())
        {
            await _small.RecordAsync(workspace, people: 12);
            await workspace.CompactAsync();
            _plays = 12 * 12;
        }

        // Each time somebody was shown something more, so that each run saves a training set of its own.
        int shown = 0;
        await RunAsync(
            async workspace =>
            {
                await workspace.IngestAsync([SmallWorkspace.Bytes(_small.Impression(shown % 12, shown, TimeSpan.FromHours(2)))]);
                await workspace.CompactAsync();
                shown++;
            },
            async workspace =>
            {
                TrainingRun run = await workspace.TrainAsync(TrainingCause.Manual);
                TrainingSet set = await TrainingSet.LoadAsync(
                    new FolderStore(_small.StoreFolder).Under(new StoreLayout().Features), run.TrainingSet);
                Assert.Equal(shown, set.RowCount);
            });
    }

    [SmallDiskFact]
    public async Task IngestAsync_OfRefusedRowsOnADiskThatFills_SucceedsOnceThereIsRoom()
    {
        string text = _small.Play(1, 1, TimeSpan.FromHours(1), fraction: 7, request: new string('x', 120));
        ReadOnlyMemory<byte>[] refused = [.. Enumerable.Repeat(SmallWorkspace.Bytes(text), 30)];
        int kept = 0;
        await RunAsync(
            static _ => Task.CompletedTask,
            async workspace =>
            {
                await workspace.IngestAsync(refused);
                kept += refused.Length;
                Assert.Equal(kept, await workspace.Quarantine.CountAsync());
            });
    }

    private async Task RunAsync(Func<TandemWorkspace, Task> prepare, Func<TandemWorkspace, Task> work, int lost = 0)
    {
        await using TandemWorkspace workspace = await _small.OpenAsync();
        for (int pages = 0; pages < MostPages; pages++)
        {
            await prepare(workspace);
            _disk.Fill("ballast", pages * PageBytes);
            TandemException? failure = await TryAsync(() => work(workspace));
            if (failure is null)
            {
                Assert.True(pages > 0, "It writes nothing.");
                return;
            }

            Assert.Equal(FaultKind.Unavailable, failure.Fault.Kind);
            Assert.Matches("No space left|disk was full", failure.Fault.What);
            await ReadAsync(workspace, atLeast: _plays - lost);

            File.Delete(_disk["ballast"]);
            await work(workspace);
            await workspace.CompactAsync();
            _plays -= lost;
            (HashSet<string> log, HashSet<string> lake) = await ReadAsync(workspace, atLeast: _plays);
            Assert.Equal(_plays, log.Count);
            Assert.True(log.SetEquals(lake));
            Assert.Empty(Directory.GetFiles(Path.Combine(_small.StoreFolder, ".staging")));
        }

        Assert.Fail("No room sufficed.");
    }

    private static async Task<TandemException?> TryAsync(Func<Task> work)
    {
        try
        {
            await work();
            return null;
        }
        catch (TandemException failure)
        {
            return failure;
        }
    }

    /// <summary>Reads all there is: ids in the log and in the lake.</summary>
    private async Task<(HashSet<string> Log, HashSet<string> Lake)> ReadAsync(TandemWorkspace workspace, int atLeast)
    {
        string[] log = [.. (await workspace.ReadLogAsync()).Where(static one => one.Type == "play").Select(static play => play.Id)];
        HashSet<string> logged = new(log, StringComparer.Ordinal);
        Assert.Equal(log.Length, logged.Count);
        Assert.InRange(log.Length, atLeast, _plays);
        List<string> lake = [];
        using LakeSnapshot snapshot = await workspace.Lake.SnapshotAsync();
        using LakeReader reader = snapshot.Scan(new LakeQuery { Table = "play", Columns = ["event_id"] });
        while (reader.Read())
        {
            for (int row = 0; row < reader.RowCount; row++)
            {
                lake.Add(reader.Text(0, row)!);
            }
        }

        HashSet<string> stored = new(lake, StringComparer.Ordinal);
        Assert.Equal(lake.Count, stored.Count);
        await workspace.Quarantine.ListAsync().CountAsync();
        await foreach (ModelVersion version in workspace.Registry.ListAsync(workspace.Spec.Name))
        {
            Assert.NotNull(await workspace.Registry.FindAsync(workspace.Spec.Name, $"{version.Number}"));
        }

        return (logged, stored);
    }

    private async Task PlayAsync(TandemWorkspace workspace, int count)
    {
        IReadOnlyList<EventOutcome> outcomes = await workspace.IngestAsync(
            [.. Enumerable.Range(_number, count).Select(n => SmallWorkspace.Bytes(_small.Play(n, n % 9, TimeSpan.FromHours(n % 50))))]);
        Assert.All(outcomes, static outcome => Assert.Null(outcome.Fault));
        _plays += count;
        _number += count;
    }
}
