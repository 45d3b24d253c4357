using System.Text;
using Tandem.Events;
using Tandem.Features;
using Tandem.Lake;
using Tandem.Learning;

namespace Tandem.Training.Tests;

public sealed class ItemExposuresTests
{
    [Fact]
    public async Task Read_WeighsEachPlaceByHowOftenItIsActedOn()
    {
        // 400 lists of three places: the first is played always, the second in every second list, the third never.
        await using SmallSystem system = new();
        List<EventRecord> events = [];
        for (int list = 0; list < 400; list++)
        {
            for (int place = 1; place <= 3; place++)
            {
                events.Add(Event("impression", list, place));
                if (place == 1 || (place == 2 && list % 2 == 0))
                {
                    events.Add(Event("play", list, place));
                }
            }
        }

        using LakeSnapshot snapshot = await system.RecordAsync(events);
        EntityIndex items = new();
        items.FindOrAdd("v1");
        items.FindOrAdd("v2");
        Exposures shown = ItemExposures.Read(
            snapshot, system.Spec, "item", items, SmallSystem.Now, CancellationToken.None);

        // The usual rate is 600 of 1200; each place is drawn towards it by 200 impressions. v3 is not known and left out.
        double first = (400 + 100) / 600.0;
        double second = (200 + 100) / 600.0;
        Assert.Equal(800, shown.Count);
        for (int i = 0; i < shown.Count; i++)
        {
            Assert.Equal(shown.Items[i] == 0 ? 1 : second / first, shown.Looks[i], 1e-6);
            Assert.Equal(1, shown.AgeDays[i], 1e-3);
        }
    }

    [Fact]
    public async Task Read_WhereActionsHaveNoPlace_TakesEveryPlaceAsLookedAt()
    {
        await using SmallSystem system = new();
        using LakeSnapshot snapshot = await system.RecordAsync(
            [Event("impression", 1, 1), Event("impression", 1, 2), Event("play", 1, null)]);
        EntityIndex items = new();
        items.FindOrAdd("v1");
        items.FindOrAdd("v2");

        Exposures shown = ItemExposures.Read(
            snapshot, system.Spec, "item", items, SmallSystem.Now, CancellationToken.None);

        Assert.Equal([1f, 1f], shown.Looks);
    }

    private static EventRecord Event(string type, int list, int? place) => new()
    {
        Id = FormattableString.Invariant($"{type}-{list}-{place}"),
        Type = type,
        Entities = [new("user", "u1"), new("item", FormattableString.Invariant($"v{place ?? 1}"))],
        EventTime = SmallSystem.Now.AddDays(-1),
        KnownTime = SmallSystem.Now.AddDays(-1),
        RequestId = FormattableString.Invariant($"r{list}"),
        Position = place,
        Data = type == "play" ? Encoding.UTF8.GetBytes("{\"watch_fraction\":0.9}") : default,
    };
}
