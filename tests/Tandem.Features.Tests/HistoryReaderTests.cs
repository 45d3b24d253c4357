using Tandem.Events;
using Tandem.Lake;
using Tandem.Numerics;
using Tandem.Spec;
using Xunit.Abstractions;

namespace Tandem.Features.Tests;

public sealed class HistoryReaderTests
{
    private readonly ITestOutputHelper _output;

    public HistoryReaderTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Theory]
    [InlineData(31, true)]
    [InlineData(32, false)]
    public async Task Read_AsOfAnyMoment_EqualsPlainLoopsAndNamesTheEvents(ulong seed, bool isInKnownOrder)
    {
        _output.WriteLine($"seed {seed}");
        var random = new SeededRandom(seed);
        List<EventRecord> log = RandomHistory.Events(ref random, 600, isInKnownOrder);
        await using TestLake lake = await TestLake.OpenAsync(TestSystem.Spec);
        using LakeSnapshot snapshot = await lake.FillAsync(log[..400]);
        await lake.Journal.AppendAsync(log[400..]);

        for (int round = 0; round < 40; round++)
        {
            FeatureView view = TestSystem.Views[random.NextInt(TestSystem.Views.Count)];
            string id = (view.Entity == "user" ? "u" : "i") + random.NextInt(5).ToString(null, null);
            DateTimeOffset asOf = RandomHistory.Start.AddMinutes(10 * random.NextInt(25 * 24 * 6));

            EntityHistory history = await HistoryReader.ReadAsync(snapshot, lake.Journal, view, id, asOf, 1000);

            AssertValues(log, view, id, asOf, history);
            List<EventRecord> expected = [.. log.Where(e => IsBehind(e, view, id, asOf))];
            Assert.Equal(expected.Count, history.EventCount);
            Assert.Equal(
                expected.Select(e => e.KnownTime).Order(), history.Events.Select(e => e.KnownTime).Order());
        }
    }

    [Fact]
    public async Task Read_WithALimit_KeepsTheNewestAndSaysWhoSeesThem()
    {
        DateTimeOffset now = RandomHistory.Start.AddDays(30);
        await using TestLake lake = await TestLake.OpenAsync(TestSystem.Spec);
        using LakeSnapshot snapshot = await lake.FillAsync(
        [
            Play("a", now.AddDays(-3), """{"seconds":5,"device":"tv"}"""),
            Play("b", now.AddHours(-1), """{"seconds":7,"liked":true}"""),
            Play("c", now.AddDays(-20), """{"seconds":9}"""),
            Play("d", now.AddHours(1), """{"seconds":1}"""),
        ]);
        FeatureView view = TestSystem.Views.Single(each => each.Name == "user_play");

        EntityHistory history = await HistoryReader.ReadAsync(snapshot, null, view, "u1", now, 2);

        Assert.Equal(3, history.EventCount);
        Assert.Equal([now.AddHours(-1), now.AddDays(-3)], history.Events.Select(e => e.EventTime!.Value));
        Assert.Equal("true", history.Events[0].Cells["liked"]);
        Assert.Contains("seconds_2d", history.Events[0].CountsIn, StringComparer.Ordinal);
        Assert.DoesNotContain("seconds_2d", history.Events[1].CountsIn, StringComparer.Ordinal);
        Assert.Contains("plays_by_device.tv", history.Events[1].CountsIn, StringComparer.Ordinal);
        ExplainedValue seconds = history.Values.Single(value => value.Feature == "seconds_2d");
        Assert.Equal((7, 1), (seconds.Value.Number, seconds.Seen));
        Assert.Equal(now.AddDays(-2), seconds.WindowStart);
    }

    private static EventRecord Play(string id, DateTimeOffset time, string data) => new()
    {
        Id = id,
        Type = "play",
        Entities = [new("user", "u1"), new("item", "i1")],
        EventTime = time,
        KnownTime = time,
        Data = System.Text.Encoding.UTF8.GetBytes(data),
    };

    private static void AssertValues(
        List<EventRecord> log, FeatureView view, string id, DateTimeOffset asOf, EntityHistory history)
    {
        foreach (AggregateSpec feature in TestSystem.Spec.Features[view.Name].Aggregates)
        {
            foreach ((string name, FeatureValue expected) in
                Oracle.Values(log, TestSystem.Spec, view.Name, feature, id, asOf))
            {
                FeatureValue actual = history.Values.Single(value => value.Feature == name).Value;
                Assert.True(
                    Oracle.AreEqual(feature, expected, actual),
                    $"{view.Name}:{name} of {id} as of {asOf:O}: {expected} but {actual}");
            }
        }
    }

    private static bool IsBehind(EventRecord record, FeatureView view, string id, DateTimeOffset asOf) =>
        record.Type == view.Source && record.KnownTime <= asOf
        && (record.EventTime is null || record.EventTime < asOf || (view.IsTable && record.EventTime == asOf))
        && (view.Entity == FeatureView.GlobalEntity
            || record.Entities.Any(entity => entity.Entity == view.Entity && entity.Id == id));
}
