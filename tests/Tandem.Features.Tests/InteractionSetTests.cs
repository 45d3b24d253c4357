using System.Globalization;
using System.Text;
using Tandem.Events;
using Tandem.Faults;
using Tandem.Lake;
using Tandem.Numerics;
using Tandem.Spec;

namespace Tandem.Features.Tests;

public sealed class InteractionSetTests
{
    [Fact]
    public async Task Read_WithAWindowAndAnyOfConditions_EqualsPlainLoops()
    {
        var random = new SeededRandom(31);
        List<EventRecord> log = RandomHistory.Events(ref random, 800, isInKnownOrder: false);
        DateTimeOffset from = RandomHistory.Start.AddDays(3);
        DateTimeOffset to = RandomHistory.Start.AddDays(15);
        InteractionQuery query = InteractionQuery.Of(new LabelSpec
        {
            Event = "play",
            AnyOf =
            [
                new ConditionSpec { Column = "seconds", Operator = ">", Value = 8.0 },
                new ConditionSpec { Column = "liked", Operator = "==", Value = true },
            ],
        }) with
        {
            From = from,
            To = to,
        };
        await using TestLake lake = await TestLake.OpenAsync(TestSystem.Spec);
        using LakeSnapshot snapshot = await lake.FillAsync(log);

        var set = InteractionSet.Read(snapshot, TestSystem.Spec, query);

        List<EventRecord> positives =
        [
            .. log.Where(e => e.Type == "play" && e.EventTime >= from && e.EventTime < to && IsPositive(e)),
        ];
        AssertNumberedByAppearance(positives.Select(e => e.Entities[0].Id), set.Users);
        AssertNumberedByAppearance(positives.Select(e => e.Entities[1].Id), set.Items);
        Assert.Equal(positives.Count, set.Count);
        for (int user = 0; user < set.UserCount; user++)
        {
            EventRecord[] expected =
            [
                .. positives.Where(e => e.Entities[0].Id == set.Users.Text(user)).OrderBy(e => e.EventTime),
            ];
            Range rows = set.RowStarts[user]..set.RowStarts[user + 1];
            Assert.Equal(expected.Select(e => e.Entities[1].Id), set.RowItems[rows].Select(set.Items.Text), StringComparer.Ordinal);
            Assert.Equal(expected.Select(e => LakeTime.ToMicros(e.EventTime!.Value)), set.EventTimes[rows]);
            Assert.Equal(expected.Select(e => (float)(to - e.EventTime!.Value).TotalDays), set.AgeDays[rows]);
        }
    }

    [Fact]
    public async Task Read_OfASourceWithoutTimes_KeepsTheOrderOfTheLog()
    {
        await using TestLake lake = await TestLake.OpenAsync(TestSystem.Spec);
        (string User, string Item)[] rows = [("u2", "i1"), ("u1", "i3"), ("u2", "i3"), ("u2", "i1"), ("u1", "i2")];
        using LakeSnapshot snapshot = await lake.FillAsync(
            [.. rows.Select((r, i) => Event($"c{i}", "check_in", r.User, r.Item, null, ""))]);

        var set = InteractionSet.Read(snapshot, TestSystem.Spec, new InteractionQuery { Source = "check_in" });

        Assert.Equal("u2", set.Users.Text(0));
        Assert.Equal([0, 3, 5], set.RowStarts);
        Assert.Equal(["i1", "i3", "i1", "i3", "i2"], set.RowItems.Select(set.Items.Text), StringComparer.Ordinal);
        Assert.Empty(set.AgeDays);
        Assert.Empty(set.EventTimes);
    }

    [Fact]
    public async Task Read_OfThePartsOfGivenFiles_SharesTheNumbers()
    {
        SystemSpec spec = TestSystem.Spec with
        {
            Sources = new Dictionary<string, SourceSpec>(StringComparer.Ordinal)
            {
                ["visit"] = new()
                {
                    Entities = ["user", "item"],
                    HasTimes = false,
                    Columns = new Dictionary<string, ColumnSpec>(StringComparer.Ordinal)
                    {
                        ["part"] = new() { Type = ColumnType.Text },
                    },
                },
            },
        };
        await using TestLake lake = await TestLake.OpenAsync(spec);
        using LakeSnapshot snapshot = await lake.FillAsync(
        [
            Event("1", "visit", "u1", "i1", null, """{"part":"train"}"""),
            Event("2", "visit", "u1", "i2", null, """{"part":"test"}"""),
            Event("3", "visit", "u2", "i3", null, """{"part":"test"}"""),
            Event("4", "visit", "u2", "i1", null, """{"part":"train"}"""),
        ]);
        var query = new InteractionQuery { Source = "visit", Part = "train" };

        var train = InteractionSet.Read(snapshot, spec, query);
        var test = InteractionSet.Read(snapshot, spec, query with { Part = "test" }, train.Users, train.Items);
        var again = InteractionSet.Read(snapshot, spec, query);

        Assert.Equal((2, 1, 2), (train.UserCount, train.ItemCount, train.Count));
        Assert.Equal((2, 3, 2), (test.UserCount, test.ItemCount, test.Count));
        Assert.Equal([0, 1, 2], test.RowStarts);
        Assert.Equal(train.Hash, again.Hash);
        Assert.NotEqual(train.Hash, test.Hash, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Read_OfWhatIsNotDeclared_ReportsAllFaults()
    {
        await using TestLake lake = await TestLake.OpenAsync(TestSystem.Spec);
        using LakeSnapshot snapshot = await lake.Lake.SnapshotAsync();
        var query = new InteractionQuery
        {
            Source = "play",
            ItemEntity = "video",
            AnyOf = [new ConditionSpec { Column = "liked", Operator = "==", Value = "yes" }],
        };

        TandemException refused = Assert.Throws<TandemException>(
            () => InteractionSet.Read(snapshot, TestSystem.Spec, query));

        Assert.Equal(["FEA003", "FEA006"], refused.Faults.Select(f => f.Code), StringComparer.Ordinal);
    }

    private static void AssertNumberedByAppearance(IEnumerable<string> ids, EntityIndex index) =>
        Assert.Equal(
            ids.Distinct(StringComparer.Ordinal), Enumerable.Range(0, index.Count).Select(index.Text), StringComparer.Ordinal);

    private static bool IsPositive(EventRecord record)
    {
        string data = Encoding.UTF8.GetString(record.Data.Span);
        int at = data.IndexOf("seconds\":", StringComparison.Ordinal);
        string number = at < 0 ? "0" : data[(at + 9)..].Split(',', '}')[0];
        return double.Parse(number, CultureInfo.InvariantCulture) > 8 || data.Contains("true", StringComparison.Ordinal);
    }

    private static EventRecord Event(
        string id, string type, string user, string item, DateTimeOffset? time, string data) => new()
        {
            Id = id,
            Type = type,
            Entities = [new EntityKey("user", user), new EntityKey("item", item)],
            EventTime = time,
            KnownTime = RandomHistory.Start,
            Data = Encoding.UTF8.GetBytes(data),
        };
}
