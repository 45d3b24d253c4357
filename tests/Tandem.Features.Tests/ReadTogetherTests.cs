using System.Globalization;
using Tandem.Events;
using Tandem.Lake;
using Tandem.Numerics;
using Xunit.Abstractions;

namespace Tandem.Features.Tests;

/// <summary>Values read online while events stream in, against the same values rebuilt from the lake.</summary>
public sealed class ReadTogetherTests
{
    private const int Users = 4;

    private static readonly TimeSpan TestPatience = TimeSpan.FromSeconds(60);

    private readonly ITestOutputHelper _output;

    public ReadTogetherTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    public async Task Rows_ReadWhileEventsAreApplied_AreRebuiltBitForBit(ulong seed)
    {
        _output.WriteLine($"seed {seed}");
        await using TestLake lake = await TestLake.OpenAsync(TestSystem.Spec);
        DateTimeOffset end = RandomHistory.Start.AddDays(25);
        SeededRandom random = new(seed);
        List<EventRecord> log = RandomHistory.Events(ref random, 3000, isInKnownOrder: true);
        var set = FeatureSet.Create(TestSystem.Views);
        FeatureStore store = new(TestSystem.Views);
        List<(int User, int Item, DateTimeOffset Time, JournalPosition Seen, float[] Values)> rows = [];
        using CancellationTokenSource applied = new();
        using SemaphoreSlim read = new(0);

        var applying = Task.Run(async () =>
        {
            foreach (EventRecord[] events in log.Chunk(30))
            {
                await lake.Journal.AppendAsync(events);
                await foreach (JournalBatch batch in lake.Journal.ReadAsync(store.AppliedUntil, follow: false, default))
                {
                    store.Apply(batch);
                }

                // However fast events are applied, something is read between any two chunks of them.
                await read.WaitAsync(TestPatience);
            }

            await applied.CancelAsync();
        });
        Read(store, set, seed, rows, read, applied.Token);
        await applying;

        await lake.Lake.CompactAsync(lake.Journal);
        using LakeSnapshot snapshot = await lake.Lake.SnapshotAsync();
        Spine spine = new()
        {
            Entities = ["user", "item"],
            Ids = [[.. rows.Select(row => Id("u", row.User))], [.. rows.Select(row => Id("i", row.Item))]],
            Times = [.. rows.Select(row => LakeTime.ToMicros(row.Time))],
            SeenUntil = [.. rows.Select(row => row.Seen.Offset)],
        };
        TrainingSet rebuilt = await TrainingSetBuilder.BuildAsync(snapshot, spine, set, end);
        Assert.True(rows.Select(row => row.Seen).Distinct().Count() > 2, "Nothing was read on the way.");
        for (int row = 0; row < rows.Count; row++)
        {
            Assert.Equal(rows[row].Values, rebuilt.Row(row).ToArray());
        }

        // What was known but not yet applied is what the place leaves out: without it rows differ.
        TrainingSet byTimeOnly = await TrainingSetBuilder.BuildAsync(snapshot, spine with { SeenUntil = [] }, set, end);
        Assert.NotEqual(rebuilt.Values, byTimeOnly.Values);
        await rebuilt.SaveAsync(lake.Store);
        Assert.Equal(
            spine.SeenUntil, (await TrainingSet.LoadAsync(lake.Store, rebuilt.Hash)).Spine.SeenUntil);
    }

    /// <summary>Reads rows as fast as they come, each as of a moment behind everything that was ever known.</summary>
    private static void Read(
        FeatureStore store, FeatureSet set, ulong seed,
        List<(int User, int Item, DateTimeOffset Time, JournalPosition Seen, float[] Values)> rows,
        SemaphoreSlim read, CancellationToken applied)
    {
        SeededRandom random = new(seed + 1);
        FeatureReader reader = store.Reader(set);
        for (bool isLast = false; !isLast;)
        {
            isLast = applied.IsCancellationRequested;
            int user = random.NextInt(Users);
            int item = random.NextInt(RandomHistory.Items);
            DateTimeOffset time = RandomHistory.Start.AddDays(24).AddMinutes(random.NextInt(1000));
            float[] values = new float[set.Count];
            JournalPosition seen = store.ReadTogether(() =>
            {
                values.AsSpan().Fill(float.NaN);
                reader.Read(FeatureView.GlobalEntity, "", time, values);
                reader.Read("user", Id("u", user), time, values);
                reader.Read("item", Id("i", item), time, values);
            });
            if (isLast || rows.Count == 0 || rows[^1].Seen != seen || random.NextInt(20) == 0)
            {
                if (rows.Count == 0 || rows[^1].Seen != seen)
                {
                    read.Release();
                }

                rows.Add((user, item, time, seen, values));
            }
        }
    }

    private static string Id(string kind, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind}{number}");
}
