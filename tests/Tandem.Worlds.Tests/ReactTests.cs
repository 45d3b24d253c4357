using Tandem.Events;

namespace Tandem.Worlds.Tests;

public sealed class ReactTests
{
    private static readonly VideoWorld World = Made.World();

    [Fact]
    public void Visits_AreInOrderOfTime_OfUsersWhoHaveJoined()
    {
        IReadOnlyList<Visit> visits = World.Visits(14);

        DateTimeOffset last = Made.Start.AddDays(14);
        for (int k = 0; k < visits.Count; k++)
        {
            Assert.Equal((14, k), (visits[k].Day, visits[k].Index));
            Assert.InRange(visits[k].Time, last, Made.Start.AddDays(15).AddTicks(-1));
            Assert.InRange(visits[k].User, 0, World.UsersJoinedBy(visits[k].Time) - 1);
            Assert.Contains(visits[k].Device, VideoWorld.Devices, StringComparer.Ordinal);
            last = visits[k].Time;
        }
    }

    [Fact]
    public void Visits_FollowTheHourAndTheHeavyUsers()
    {
        IReadOnlyList<Visit> visits = World.Visits(3);

        Assert.True(visits.Count(visit => visit.Time.Hour == 20) > 5 * visits.Count(visit => visit.Time.Hour == 3));
        int[] byUser = [.. visits.GroupBy(visit => visit.User).Select(group => group.Count()).OrderDescending()];
        int tenth = World.UsersJoinedBy(Made.Start.AddDays(3)) / 10;
        Assert.InRange(byUser.Take(tenth).Sum() / (double)visits.Count, 0.35, 0.85);
    }

    [Fact]
    public void React_InAnyOrder_GivesTheSameEvents()
    {
        IReadOnlyList<Visit> visits = World.Visits(14);
        int[] shown = [.. Enumerable.Range(100, 10)];
        IReadOnlyList<EventRecord> React(Visit visit) => World.React(visit, shown, "r");
        IReadOnlyList<EventRecord>[] forward = [.. visits.Select(React)];
        var scattered = new IReadOnlyList<EventRecord>[visits.Count];

        Parallel.For(0, visits.Count, k => scattered[^(k + 1)] = React(visits[^(k + 1)]));

        Made.AssertSame(forward.SelectMany(made => made), scattered.SelectMany(made => made));
    }

    [Fact]
    public void React_GivesActionsOfTheListOnly()
    {
        foreach (Visit visit in World.Visits(14))
        {
            int[] shown = [.. Enumerable.Range(visit.Index, 10)];
            DateTimeOffset last = visit.Time;
            foreach (EventRecord made in World.React(visit, shown, "request-1"))
            {
                Assert.True(made.Type is "play" or "like" or "skip" or "conversion", made.Type);
                Assert.StartsWith("request-1-", made.Id, StringComparison.Ordinal);
                Assert.Equal("request-1", made.RequestId);
                Assert.Equal(World.UserId(visit.User), made.Entities[0].Id);
                Assert.Equal(World.ItemId(shown[made.Position!.Value - 1]), made.Entities[1].Id);
                Assert.True(made.EventTime >= last);
                last = made.EventTime!.Value;
            }
        }
    }

    [Fact]
    public void React_LaterPlaces_AreLookedAtLess()
    {
        // The same video at every place: what differs is whether it is looked at.
        int[] plays = new int[11];
        foreach (Visit visit in World.Visits(14).Concat(World.Visits(15)).Concat(World.Visits(16)))
        {
            int[] shown = [.. Enumerable.Range(300 + (visit.Index % 700), 10)];
            foreach (EventRecord made in World.React(visit, shown, "r").Where(made => made.Type == "play"))
            {
                plays[made.Position!.Value]++;
            }
        }

        Assert.True(plays[1] > plays[4] && plays[4] > plays[10], string.Join(' ', plays));
        Assert.InRange((double)plays[10] / plays[1], 0.1, 0.7);
    }

    [Fact]
    public void React_SameItemFirst_IsAnsweredAlikeWhateverFollows()
    {
        foreach (Visit visit in World.Visits(14))
        {
            IEnumerable<EventRecord> First(params int[] shown) =>
                World.React(visit, shown, "r").Where(made => made.Position == 1);

            Made.AssertSame(First(200, 1, 2, 3), First(200, 9, 8, 7, 6, 5));
        }
    }

    [Fact]
    public void React_UnpublishedItem_Throws()
    {
        Visit visit = World.Visits(0)[0];

        Assert.Throws<ArgumentException>(() => World.React(visit, [World.ItemCount - 1], "r"));
        Assert.Throws<ArgumentException>(() => World.React(visit, [-1], "r"));
        Assert.Throws<ArgumentException>(() => World.React(visit, [0], ""));
    }

    [Fact]
    public void Visits_OutsideTheHorizon_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => World.Visits(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => World.Visits(28));
        Assert.Throws<ArgumentOutOfRangeException>(() => World.History(27, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => World.Rows(28));
    }

    [Theory]
    [InlineData("v0", 0)]
    [InlineData("v17", 17)]
    [InlineData("v017", -1)]
    [InlineData("v99999999", -1)]
    [InlineData("v-1", -1)]
    [InlineData("v+1", -1)]
    [InlineData("u1", -1)]
    [InlineData("v", -1)]
    [InlineData("", -1)]
    public void FindItem_GivesTheIndexOrMinusOne(string id, int index)
    {
        Assert.Equal(index, World.FindItem(id));
    }

    [Fact]
    public void FindUser_OfEveryId_GivesItsIndex()
    {
        Assert.All(Enumerable.Range(0, World.UserCount), user => Assert.Equal(user, World.FindUser(World.UserId(user))));
    }
}
