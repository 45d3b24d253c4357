using System.Buffers;
using System.Text;
using System.Text.Json;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Numerics;
using Tandem.Testing;

namespace Tandem.Features.Tests;

public sealed class FeatureSetTests
{
    [Fact]
    public void Create_WithoutNames_TakesEveryNumericFeature()
    {
        var set = FeatureSet.Create(TestSystem.Views);

        Assert.Equal("all_play:plays_5m", set.Names[0]);
        Assert.DoesNotContain("user_play:items_last", set.Names, StringComparer.Ordinal);
        Assert.DoesNotContain("item_state:genre", set.Names, StringComparer.Ordinal);
        Assert.Equal(set.Count - 1, set.IndexOf(set.Names[^1]));
        Assert.Equal(-1, set.IndexOf("absent"));
    }

    [Theory]
    [InlineData("user_play:absent")]
    [InlineData("user_play:items_last")]
    [InlineData("user_play:plays_1h")]
    public void Create_WithAWrongName_IsRefused(string name)
    {
        TandemException refused = Assert.Throws<TandemException>(
            () => FeatureSet.Create(TestSystem.Views, ["user_play:plays_1h", name]));

        Assert.Equal("FEA009", refused.Fault.Code);
    }

    [Fact]
    public void ReadJson_OfWrittenValues_GivesTheSameBits()
    {
        var set = FeatureSet.Create(TestSystem.Views, ["user_play:plays", "item_state:price", "all_play:seconds_mean"]);
        float[] values = [16_777_216, float.NaN, 0.1f];
        var json = new ArrayBufferWriter<byte>();

        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            set.WriteValues(values, writer);
            writer.WriteEndObject();
        }

        float[] read = new float[3];
        set.ReadJson(json.WrittenSpan, read);

        Assert.Equal(
            """{"user_play:plays":16777216,"item_state:price":null,"all_play:seconds_mean":0.1}""",
            Encoding.UTF8.GetString(json.WrittenSpan));
        Assert.Equal(values, read);
    }

    [Fact]
    public void ReadJson_InAnotherOrderWithStrangers_FindsItsOwn()
    {
        var set = FeatureSet.Create(TestSystem.Views, ["user_play:plays", "item_state:price"]);
        float[] read = new float[2];

        set.ReadJson("""{"item_state:price":2,"old:feature":{"a":[1]},"user_play:plays":1}"""u8, read);

        Assert.Equal([1, 2], read);
    }

    [Fact]
    public void Read_OfAVector_AllocatesNothingAndLeavesOtherEntitiesAlone()
    {
        var random = new SeededRandom(9);
        var store = new FeatureStore(TestSystem.Views);
        List<EventRecord> log = RandomHistory.Events(ref random, 300, isInKnownOrder: true);
        for (int i = 0; i < log.Count; i++)
        {
            store.Apply(log[i], new JournalPosition(i));
        }

        FeatureReader reader = store.Reader(FeatureSet.Create(TestSystem.Views));
        float[] values = new float[reader.Set.Count];
        Array.Fill(values, -7);
        DateTimeOffset asOf = log[^1].KnownTime;
        for (int i = 0; i < 3; i++)
        {
            // What a series keeps between reads is made at the second.
            reader.Read("user", "u1", asOf, values);
        }

        long allocated = Allocations.Least(() => reader.Read("user", "u1", asOf, values));

        Assert.Equal(0, allocated);
        Assert.Equal(
            Enumerable.Range(0, values.Length).Where(i => reader.Set.EntityOf(i) != "user"),
            Enumerable.Range(0, values.Length).Where(i => values[i] == -7));
    }

    [Fact]
    public void Apply_OfWhatWasAppliedBefore_ChangesNothing()
    {
        var random = new SeededRandom(10);
        List<EventRecord> log = RandomHistory.Events(ref random, 100, isInKnownOrder: true);
        var store = new FeatureStore(TestSystem.Views);
        var batch = new JournalBatch(default, new JournalPosition(100), log);

        store.Apply(batch);
        long count = store.EventCount;
        store.Apply(batch);
        bool changed = store.Apply(log[50], new JournalPosition(50));

        Assert.False(changed);
        Assert.Equal(count, store.EventCount);
        Assert.Equal(new JournalPosition(100), store.AppliedUntil);
    }

    [Fact]
    public void Apply_OfDataThatIsNoObject_SaysWhichEvent()
    {
        var store = new FeatureStore(TestSystem.Views);
        var record = new EventRecord
        {
            Id = "broken",
            Type = "play",
            Entities = [new EntityKey("user", "u1")],
            KnownTime = RandomHistory.Start,
            Data = "{\"seconds\":"u8.ToArray(),
        };

        TandemException refused = Assert.Throws<TandemException>(() => store.Apply(record, default));

        Assert.Equal("FEA008", refused.Fault.Code);
        Assert.Contains("broken", refused.Message, StringComparison.Ordinal);
    }
}
