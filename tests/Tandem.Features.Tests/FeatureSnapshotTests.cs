using System.Globalization;
using Tandem.Events;
using Tandem.Lake;
using Tandem.Numerics;
using Tandem.Spec;
using Tandem.Storage;
using Xunit.Abstractions;

namespace Tandem.Features.Tests;

public sealed class FeatureSnapshotTests
{
    private static readonly FeatureStoreOptions Options = new() { LookBack = TimeSpan.FromHours(3) };

    private readonly ITestOutputHelper _output;

    public FeatureSnapshotTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Restore_FromASnapshotSavedWhileEventsArrived_AnswersAsTheStoreThatNeverStopped(ulong seed)
    {
        _output.WriteLine($"seed {seed}");
        var random = new SeededRandom(seed);
        await using TestLake lake = await TestLake.OpenAsync(TestSystem.Spec);
        List<EventRecord> log = RandomHistory.Events(ref random, 1500, isInKnownOrder: true);
        var running = new FeatureStore(TestSystem.Views, Options);
        int inLake = 200 + random.NextInt(800);
        using LakeSnapshot compacted = await lake.FillAsync(log[..inLake]);
        await FollowAsync(running, lake.Journal);

        Task<FeatureSnapshot>? saving = null;
        for (int i = inLake; i < 1200; i++)
        {
            JournalPosition end = await lake.Journal.AppendAsync([log[i]]);
            running.Apply(log[i], new JournalPosition(end.Offset - 1));
            saving ??= i == inLake + 40 ? running.SaveSnapshotAsync(lake.Store) : null;
        }

        FeatureSnapshot saved = await saving!;
        await lake.Journal.AppendAsync(log[1200..]);
        var restored = new FeatureStore(TestSystem.Views, Options);
        FeatureRestore restore = await restored.RestoreAsync(compacted, lake.Journal, lake.Store);
        await FollowAsync(restored, lake.Journal);
        await FollowAsync(running, lake.Journal);

        Assert.Equal(saved.AppliedUntil, restore.Snapshot?.Offset);
        Assert.Equal(saved.Series, restore.Series);
        Assert.Empty(restore.Rebuilt);
        Assert.Empty(restore.PassedOver);
        Assert.Equal(running.AppliedUntil, restored.AppliedUntil);
        Assert.Equal(running.EventCount, restored.EventCount);
        AssertSame(running, restored, TestSystem.Views, log[^1].KnownTime, ref random);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Restore_WhereADefinitionChanged_ComputesThatViewFromTheLakeAndKeepsTheOthers(bool isLakeAhead)
    {
        var random = new SeededRandom(21);
        await using TestLake lake = await TestLake.OpenAsync(TestSystem.Spec);
        List<EventRecord> log = RandomHistory.Events(ref random, 1200, isInKnownOrder: true);
        var running = new FeatureStore(TestSystem.Views, Options);
        (await lake.FillAsync(log[..400])).Dispose();
        await lake.Journal.AppendAsync(log[400..800]);
        await FollowAsync(running, lake.Journal);
        await running.SaveSnapshotAsync(lake.Store);
        await lake.Journal.AppendAsync(log[800..]);
        if (isLakeAhead)
        {
            await lake.Lake.CompactAsync(lake.Journal);
        }

        IReadOnlyList<FeatureView> changed = FeatureView.CompileAll(WithSum(TestSystem.Spec));
        var restored = new FeatureStore(changed, Options);
        using LakeSnapshot latest = await lake.Lake.SnapshotAsync();
        FeatureRestore restore = await restored.RestoreAsync(latest, lake.Journal, lake.Store);
        await FollowAsync(restored, lake.Journal);

        Assert.NotNull(restore.Snapshot);
        Assert.Equal("item_play", Assert.Single(restore.Rebuilt));
        var fresh = new FeatureStore(changed, Options);
        await FollowAsync(fresh, lake.Journal);
        Assert.Equal(fresh.AppliedUntil, restored.AppliedUntil);
        Assert.Equal(fresh.EventCount, restored.EventCount);
        AssertSame(fresh, restored, changed, log[^1].KnownTime, ref random);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    public async Task Restore_OfADamagedSnapshot_PassesItOverAndSaysSo(double place)
    {
        var random = new SeededRandom(31);
        await using TestLake lake = await TestLake.OpenAsync(TestSystem.Spec);
        List<EventRecord> log = RandomHistory.Events(ref random, 600, isInKnownOrder: true);
        using LakeSnapshot compacted = await lake.FillAsync(log[..300]);
        var running = new FeatureStore(TestSystem.Views, Options);
        await FollowAsync(running, lake.Journal);
        await running.SaveSnapshotAsync(lake.Store);
        await lake.Journal.AppendAsync(log[300..]);
        await FollowAsync(running, lake.Journal);
        FeatureSnapshot newest = await running.SaveSnapshotAsync(lake.Store);
        string[] keys = await KeysAsync(lake.Store);

        byte[] bytes = await lake.Store.GetAsync(keys[^1]);
        bytes[(int)(place * (bytes.Length - 1))] ^= 1;
        await lake.Store.PutAsync(keys[^1], bytes);
        var older = new FeatureStore(TestSystem.Views, Options);
        FeatureRestore fromOlder = await older.RestoreAsync(compacted, lake.Journal, lake.Store);
        await FollowAsync(older, lake.Journal);
        await lake.Store.PutAsync(keys[0], bytes.AsMemory(0, 40));
        var rebuilt = new FeatureStore(TestSystem.Views, Options);
        FeatureRestore fromLake = await rebuilt.RestoreAsync(compacted, lake.Journal, lake.Store);
        await FollowAsync(rebuilt, lake.Journal);

        Assert.True(fromOlder.Snapshot?.Offset < newest.AppliedUntil);
        Assert.Equal("FEA015", Assert.Single(fromOlder.PassedOver).Code);
        Assert.Null(fromLake.Snapshot);
        Assert.Equal(TestSystem.Views.Count, fromLake.Rebuilt.Count);
        Assert.Equal(2, fromLake.PassedOver.Count);
        AssertSame(running, older, TestSystem.Views, log[^1].KnownTime, ref random);
        AssertSame(running, rebuilt, TestSystem.Views, log[^1].KnownTime, ref random);
    }

    [Fact]
    public async Task Save_Again_KeepsTheNewestTwoAndDeleteAllNone()
    {
        await using TestLake lake = await TestLake.OpenAsync(TestSystem.Spec);
        var random = new SeededRandom(41);
        List<EventRecord> log = RandomHistory.Events(ref random, 40, isInKnownOrder: true);
        var store = new FeatureStore(TestSystem.Views);
        List<string> newest = [];
        for (int i = 0; i < log.Count; i++)
        {
            store.Apply(log[i], new JournalPosition(i));
            if (i % 10 == 9)
            {
                await store.SaveSnapshotAsync(lake.Store);
                newest.Add((await KeysAsync(lake.Store))[^1]);
            }
        }

        Assert.Equal(newest[^2..], await KeysAsync(lake.Store), StringComparer.Ordinal);
        Assert.Equal(4, newest.Distinct(StringComparer.Ordinal).Count());
        await FeatureSnapshot.DeleteAllAsync(lake.Store);
        Assert.Empty(await KeysAsync(lake.Store));
        Assert.Empty(Directory.EnumerateFiles(lake.Store.StagingFolder));
    }

    [Fact]
    public async Task Restore_OfASnapshotThatTheLogDoesNotReach_ReadsTheLake()
    {
        await using TestLake lake = await TestLake.OpenAsync(TestSystem.Spec);
        var random = new SeededRandom(51);
        List<EventRecord> log = RandomHistory.Events(ref random, 100, isInKnownOrder: true);
        using LakeSnapshot compacted = await lake.FillAsync(log);
        var ahead = new FeatureStore(TestSystem.Views);
        ahead.Apply(log[0], new JournalPosition(lake.Journal.End.Offset));
        await ahead.SaveSnapshotAsync(lake.Store);
        var store = new FeatureStore(TestSystem.Views);

        FeatureRestore restore = await store.RestoreAsync(compacted, lake.Journal, lake.Store);
        await FollowAsync(store, lake.Journal);

        Assert.Null(restore.Snapshot);
        Assert.Equal(lake.Journal.End, store.AppliedUntil);
    }

    private static async Task FollowAsync(FeatureStore store, FileJournal journal)
    {
        await foreach (JournalBatch batch in journal.ReadAsync(store.AppliedUntil))
        {
            store.Apply(batch);
        }
    }

    private static SystemSpec WithSum(SystemSpec spec)
    {
        FeatureViewSpec view = spec.Features["item_play"];
        return spec with
        {
            Features = new Dictionary<string, FeatureViewSpec>(spec.Features, StringComparer.Ordinal)
            {
                ["item_play"] = view with
                {
                    Aggregates = [.. view.Aggregates, TestSystem.Feature("liked", "sum", "liked", null)],
                },
            },
        };
    }

    private static async Task<string[]> KeysAsync(IObjectStore store) =>
        [.. await store.ListAsync("online/").Select(entry => entry.Key).ToListAsync()];

    private static void AssertSame(
        FeatureStore expected, FeatureStore actual, IReadOnlyList<FeatureView> views, DateTimeOffset newest,
        ref SeededRandom random)
    {
        Assert.All(views, view => Assert.Equal(expected.NewestEvent(view), actual.NewestEvent(view)));
        int said = 0;
        for (int i = 0; i < 40; i++)
        {
            DateTimeOffset asOf = newest.AddMinutes(random.NextInt(4000) - 180);
            foreach (FeatureView view in views)
            {
                string id = (view.Entity == "user" ? "u" : "i")
                    + random.NextInt(RandomHistory.Users + 1).ToString(CultureInfo.InvariantCulture);
                foreach (string name in view.Features.Select(feature => feature.Name))
                {
                    FeatureValue left = expected.Read(view.Name, name, id, asOf);
                    FeatureValue right = actual.Read(view.Name, name, id, asOf);
                    Assert.Equal(left.Kind, right.Kind);
                    Assert.Equal(BitConverter.DoubleToInt64Bits(left.Number), BitConverter.DoubleToInt64Bits(right.Number));
                    Assert.Equal(left.Text, right.Text);
                    Assert.Equal(left.Ids, right.Ids);
                    Assert.Equal(left.Numbers, right.Numbers);
                    said += left.IsNull ? 0 : 1;
                }
            }
        }

        Assert.True(said > 300, $"Only {said} values say anything.");
    }
}
