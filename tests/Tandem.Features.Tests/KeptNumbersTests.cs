using System.Globalization;
using Tandem.Events;
using Tandem.Numerics;
using Tandem.Testing;
using Xunit.Abstractions;

namespace Tandem.Features.Tests;

/// <summary>Numbers that are kept between reads are those that a read computes.</summary>
public sealed class KeptNumbersTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(71, long.MaxValue)]
    [InlineData(72, long.MaxValue)]
    [InlineData(73, 60_000)]
    public void Read_OverRandomEventsAndMoments_GivesTheBitsOfAFreshComputation(ulong seed, long memory)
    {
        const int Steps = 10_000;
        output.WriteLine($"seed {seed}");
        SeededRandom random = new(seed);
        List<EventRecord> log = RandomHistory.Events(ref random, Steps / 4, isInKnownOrder: true);
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder["cold"]);
        using FeatureStore store = new(TestSystem.Views, new FeatureStoreOptions
        {
            LookBack = TimeSpan.FromHours(3),
            MemoryBytes = memory,
            ColdFolder = folder["cold"],
        });
        var set = FeatureSet.Create(TestSystem.Views);
        var other = FeatureSet.Create([.. TestSystem.Views.Reverse()]);
        float[] values = new float[set.Count];
        float[] others = new float[set.Count];
        DateTimeOffset clock = RandomHistory.Start;
        int next = 0;
        for (int step = 0; step < Steps; step++)
        {
            if (next < log.Count && random.NextInt(4) == 0)
            {
                clock = clock > log[next].KnownTime ? clock : log[next].KnownTime;
                store.Apply(log[next++], store.AppliedUntil);
            }

            // Mostly a little later, sometimes a window later, sometimes a little earlier, as requests overtake each other.
            clock = clock.AddSeconds(random.NextInt(40) == 0 ? random.NextInt(400_000) : random.NextInt(300) - 60);
            string entity = random.NextInt(2) == 0 ? "user" : "item";
            string id = OnlineStoreConformance.Id(entity[..1], random.NextInt(3));
            store.Reader(set).Read(entity, id, clock, values);
            if (random.NextInt(3) == 0)
            {
                store.Reader(other).Read(entity, id, clock, others);
                AssertFresh(store, other, entity, id, clock, others);
            }

            AssertFresh(store, set, entity, id, clock, values);
        }

        output.WriteLine($"{store.Memory}");
        Assert.True(store.Memory.Kept > Steps / 10, $"{store.Memory}");
    }

    [Theory]
    [InlineData(7 * 24, 0)]
    [InlineData(1, 0)]
    [InlineData(0, 90)]
    public void Read_AtTheVeryMomentOfAChange_SeesIt(int windowHours, int ttlMinutes)
    {
        DateTimeOffset start = RandomHistory.Start.AddMinutes(7);
        IReadOnlyList<FeatureView> views = FeatureView.CompileAll(TestSystem.Spec with
        {
            Features = new Dictionary<string, Spec.FeatureViewSpec>(StringComparer.Ordinal)
            {
                ["v"] = TestSystem.View("user", "play", TestSystem.Feature(
                    "n", "count", null, windowHours == 0 ? null : TimeSpan.FromHours(windowHours))) with
                {
                    TimeToLive = ttlMinutes == 0 ? null : TimeSpan.FromMinutes(ttlMinutes),
                },
            },
        });
        using FeatureStore store = new(views);
        store.Apply(
            new EventRecord
            {
                Id = "1",
                Type = "play",
                Entities = [new EntityKey("user", "u")],
                EventTime = start,
                KnownTime = start,
                Data = "{}"u8.ToArray(),
            },
            new JournalPosition(0));
        FeatureReader reader = store.Reader(FeatureSet.Create(views));
        float[] value = new float[1];
        DateTimeOffset last = start.AddTicks(10);
        double Fresh(DateTimeOffset at) => store.Read("v", "n", "u", at).IsNull ? double.NaN : store.Read("v", "n", "u", at).Number;

        // The last moment at which it counts, by halving.
        (long low, long high) = (0, TimeSpan.FromDays(10).Ticks / 10);
        while (high - low > 1)
        {
            long middle = (low + high) / 2;
            (low, high) = double.IsNaN(Fresh(last.AddTicks(middle * 10))) ? (low, middle) : (middle, high);
        }

        foreach (long micros in (long[])[0, 1, low - 1, low])
        {
            reader.Read("user", "u", last.AddTicks(micros * 10), value);
            Assert.Equal(1, value[0]);
        }

        Assert.True(store.Memory.Kept >= 2);
        reader.Read("user", "u", last.AddTicks(high * 10), value);
        Assert.True(float.IsNaN(value[0]), string.Create(CultureInfo.InvariantCulture, $"{value[0]} after {high} µs"));
    }

    [Fact]
    public void Read_Again_AllocatesNothing_AlsoWhereWindowsMoveOn()
    {
        SeededRandom random = new(74);
        List<EventRecord> log = RandomHistory.Events(ref random, 3000, isInKnownOrder: true);
        using FeatureStore store = new(TestSystem.Views);
        foreach (EventRecord record in log)
        {
            store.Apply(record, store.AppliedUntil);
        }

        var set = FeatureSet.Create(TestSystem.Views);
        FeatureReader reader = store.Reader(set);
        float[] values = new float[set.Count];
        DateTimeOffset now = log[^1].KnownTime;
        Queue<string> users = new(["u1", "u2", "u3", "u4", "u5"]);
        foreach (string user in users)
        {
            reader.Read("user", user, now, values);
            reader.Read("user", user, now, values);
            reader.Read("user", user, now, values);
        }

        // A round each, so that none begins where another ended and its windows are empty.
        long kept = store.Memory.Kept;
        long allocated = Allocations.Least(() =>
        {
            string user = users.Dequeue();
            for (int i = 0; i < 1000; i++)
            {
                reader.Read("user", user, now.AddMinutes(i), values);
            }
        });

        Assert.Equal(0, allocated);
        Assert.True(store.Memory.Kept > kept);
    }

    private static void AssertFresh(
        FeatureStore store, FeatureSet set, string entity, string id, DateTimeOffset clock, float[] values)
    {
        for (int i = 0; i < set.Count; i++)
        {
            if (set.EntityOf(i) == entity)
            {
                FeatureValue fresh = store.Read(set.Features[i].View.Name, set.Features[i].Feature.Name, id, clock);
                float expected = fresh.IsNull ? float.NaN : (float)fresh.Number;
                Assert.True(
                    BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(values[i]),
                    $"{set.Names[i]} of {id} as of {clock:O}: {expected:R} but {values[i]:R}");
            }
        }
    }
}
