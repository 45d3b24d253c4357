using System.Globalization;
using Tandem.Events;
using Tandem.Numerics;
using Tandem.Spec;
using Tandem.Storage;
using Tandem.Testing;
using Xunit.Abstractions;

namespace Tandem.Features.Tests;

public sealed class FeatureStorePropertyTests
{
    private readonly ITestOutputHelper _output;

    public FeatureStorePropertyTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Read_WhileEventsArrive_EqualsPlainLoopsBitForBit(ulong seed)
    {
        _output.WriteLine($"seed {seed}");
        var random = new SeededRandom(seed);
        List<EventRecord> log = RandomHistory.WithDuplicates(
            ref random, RandomHistory.Events(ref random, 1500, isInKnownOrder: true));
        var store = new FeatureStore(TestSystem.Views, new FeatureStoreOptions { LookBack = TimeSpan.FromHours(3) });

        for (int position = 0; position < log.Count; position++)
        {
            store.Apply(log[position], new JournalPosition(position));
            bool mayAsk = position + 1 == log.Count || log[position + 1].KnownTime > log[position].KnownTime;
            if (mayAsk && random.NextInt(60) == 0)
            {
                if (random.NextInt(4) == 0)
                {
                    store.Prune();
                }

                DateTimeOffset asOf = log[position].KnownTime.AddMinutes(-10 * random.NextInt(19));
                AssertAll(store, log[..(position + 1)], asOf, ref random);
            }
        }

        Assert.True(store.KeptCount < store.EventCount * 3, $"{store.KeptCount} kept of {store.EventCount}");
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    public async Task Read_WhileMostSeriesHaveNoRoomInMemory_EqualsPlainLoopsBitForBit(ulong seed)
    {
        const int Limit = 20_000;
        _output.WriteLine($"seed {seed}");
        var random = new SeededRandom(seed);
        List<EventRecord> log = RandomHistory.Events(ref random, 1200, isInKnownOrder: true);
        using var folder = new TestFolder();
        var options = new FeatureStoreOptions
        {
            LookBack = TimeSpan.FromHours(3),
            MemoryBytes = Limit,
            ColdFolder = folder.Path,
        };
        FeatureStore store = new(TestSystem.Views, options);
        var snapshots = new FolderStore(folder["store"]);
        for (int position = 0; position < log.Count; position++)
        {
            store.Apply(log[position], new JournalPosition(position));
            bool mayAsk = position + 1 == log.Count || log[position + 1].KnownTime > log[position].KnownTime;
            if (mayAsk && random.NextInt(60) == 0)
            {
                await store.SaveSnapshotAsync(snapshots);
                AssertAll(store, log[..(position + 1)], log[position].KnownTime.AddMinutes(-10 * random.NextInt(19)), ref random);
            }
        }

        FeatureMemory memory = store.Memory;
        store.Dispose();
        Assert.True(memory is { Evictions: > 100, Misses: > 100, Hits: > 100, Refusals: 0 }, $"{memory}");
        Assert.True(memory.Bytes < 3 * Limit, $"{memory}");
        Assert.True(memory.DiskBytes < 100 * Limit, $"{memory}");
        Assert.Equal([folder["store"]], Directory.GetFileSystemEntries(folder.Path), StringComparer.Ordinal);
    }

    [Fact]
    public void Store_WithALimitAndNoFolder_IsRefused() => Assert.Throws<ArgumentException>(
        () => new FeatureStore(TestSystem.Views, new FeatureStoreOptions { MemoryBytes = 1 }));

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Read_AfterAnImportInAnyOrder_EqualsPlainLoopsBitForBit(ulong seed)
    {
        _output.WriteLine($"seed {seed}");
        var random = new SeededRandom(seed);
        List<EventRecord> log = RandomHistory.Events(ref random, 1500, isInKnownOrder: false);
        var store = new FeatureStore(TestSystem.Views);

        for (int position = 0; position < log.Count; position++)
        {
            store.Apply(log[position], new JournalPosition(position));
        }

        DateTimeOffset newest = log.Max(e => e.KnownTime);
        for (int i = 0; i < 20; i++)
        {
            AssertAll(store, log, newest.AddMinutes(random.NextInt(20_000) - 60), ref random);
        }
    }

    private static void AssertAll(
        FeatureStore store, IReadOnlyList<EventRecord> log, DateTimeOffset asOf, ref SeededRandom random)
    {
        foreach ((string view, FeatureViewSpec spec) in TestSystem.Spec.Features)
        {
            int number = random.NextInt(RandomHistory.Users + 1);
            string id = (spec.Entity == "user" ? "u" : "i") + number.ToString(CultureInfo.InvariantCulture);
            foreach (AggregateSpec feature in spec.Aggregates)
            {
                foreach ((string name, FeatureValue expected) in
                    Oracle.Values(log, TestSystem.Spec, view, feature, id, asOf))
                {
                    FeatureValue actual = store.Read(view, name, id, asOf);

                    Assert.True(
                        Oracle.AreEqual(feature, expected, actual),
                        $"{view}:{name} of {id} as of {asOf:O}: {Said(expected)} but {Said(actual)}");
                }
            }
        }
    }

    private static string Said(FeatureValue value) =>
        $"{value.Kind} {value.Number:R} {value.Text} {string.Join(',', value.Ids)} {string.Join(',', value.Numbers)}";
}
