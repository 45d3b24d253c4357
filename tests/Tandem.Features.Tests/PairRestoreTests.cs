using Tandem.Events;
using Tandem.Lake;
using Tandem.Numerics;
using Tandem.Storage;
using Tandem.Testing;
using Xunit.Abstractions;

namespace Tandem.Features.Tests;

public sealed class PairRestoreTests
{
    private readonly ITestOutputHelper _output;

    public PairRestoreTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Theory]
    [InlineData(7, false)]
    [InlineData(8, true)]
    public async Task Restore_FromASnapshotBehindOrBeforeTheLake_IsTheStoreThatNeverStopped(ulong seed, bool isNewView)
    {
        _output.WriteLine($"seed {seed}");
        var random = new SeededRandom(seed);
        IReadOnlyList<FeatureView> views = FeatureView.CompileAll(PairSystem.Design);
        IReadOnlyList<FeatureView> before = isNewView ? [.. views.Where(view => view.Name != "user_genre" && view.Name != "mix")] : views;
        List<EventRecord> all = RandomHistory.Events(ref random, 3000, isInKnownOrder: true);
        await using TestLake lake = await TestLake.OpenAsync(PairSystem.Design);
        // The lake ends between the two snapshots.
        JournalPosition early = await AppendAsync(lake, all[..1000]);
        await lake.Journal.AppendAsync(all[1000..2000]);
        await lake.Lake.CompactAsync(lake.Journal);
        JournalPosition late = await AppendAsync(lake, all[2000..2600]);
        await lake.Journal.AppendAsync(all[2600..]);
        foreach (JournalPosition end in new[] { early, late })
        {
            var store = new FeatureStore(before);
            await ApplyAsync(lake, store, end);
            using var folder = new TestFolder();
            FolderStore snapshots = new(folder["snapshots"]);
            await store.SaveSnapshotAsync(snapshots);
            using LakeSnapshot snapshot = await lake.Lake.SnapshotAsync();
            var restored = new FeatureStore(views);

            FeatureRestore found = await restored.RestoreAsync(snapshot, lake.Journal, snapshots);

            Assert.Equal(end, found.Snapshot);
            await ApplyAsync(lake, restored, lake.Journal.End);
            for (int q = 0; q < 30; q++)
            {
                PairSystem.AssertLikeTheOracle(all, restored, new PairQuestion(
                    RandomHistory.Start.AddDays(24 + (q / 10.0)), all.Count, $"u{q % 7}", $"i{q % 6}", "tv"));
            }
        }
    }

    private static async Task<JournalPosition> AppendAsync(TestLake lake, List<EventRecord> events)
    {
        await lake.Journal.AppendAsync(events);
        return lake.Journal.End;
    }

    private static async Task ApplyAsync(TestLake lake, FeatureStore store, JournalPosition until)
    {
        await foreach (JournalBatch batch in lake.Journal.ReadUntilAsync(store.AppliedUntil, until))
        {
            store.Apply(batch);
        }
    }

    [Fact]
    public async Task History_OfAPair_ShowsItsEventsFromLakeAndLog()
    {
        var random = new SeededRandom(9);
        List<EventRecord> all = RandomHistory.Events(ref random, 2000, isInKnownOrder: true);
        await using TestLake lake = await TestLake.OpenAsync(PairSystem.Design);
        using LakeSnapshot half = await lake.FillAsync(all[..1000]);
        await lake.Journal.AppendAsync(all[1000..]);
        FeatureView view = FeatureView.CompileAll(PairSystem.Design).Single(each => each.Name == "user_genre");
        var store = new FeatureStore([view]);
        foreach (EventRecord record in all)
        {
            store.Apply(record, store.AppliedUntil);
        }

        DateTimeOffset asOf = RandomHistory.Start.AddDays(24);
        EntityHistory history = await HistoryReader.ReadAsync(half, lake.Journal, view, "u1|g1", asOf, 5);

        Assert.Equal(5, history.Events.Count);
        Assert.All(history.Values, value => Assert.Equal(
            PairSystem.Said(store.Read("user_genre", value.Feature, "u1|g1", asOf)), PairSystem.Said(value.Value)));
        Assert.Equal("g1", history.Events[0].Cells["item.genre"]);
        ExplainedValue plays = history.Values.Single(value => value.Feature == "plays");
        Assert.Equal(plays.Value.Number, plays.Seen);
    }
}
