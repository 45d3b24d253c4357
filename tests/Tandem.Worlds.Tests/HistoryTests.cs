using System.Globalization;
using Tandem.Events;

namespace Tandem.Worlds.Tests;

public sealed class HistoryTests
{
    private static readonly Lazy<VideoWorld> World = new(() => Made.World());
    private static readonly Lazy<EventRecord[]> Events = new(() => [.. World.Value.History()]);

    [Fact]
    public void History_SameSettings_GivesTheSameBytes()
    {
        VideoWorld again = Made.World();

        Made.AssertSame(Events.Value, again.History());
    }

    [Fact]
    public void History_OtherSeed_GivesAnotherWorld()
    {
        VideoWorld other = Made.World(Made.Small with { Seed = 2 });

        EventRecord[] first = [.. other.History().Where(made => made.Type == "play").Take(100)];

        Assert.DoesNotContain(first, made => Made.Text(made) == Made.Text(Events.Value.First(own => own.Type == "play")));
    }

    [Fact]
    public void History_DaysAloneAndInParallel_AreTheDaysOfTheWhole()
    {
        var days = new EventRecord[World.Value.Options.HistoryDays][];

        // Later days first.
        Parallel.For(0, days.Length, k => days[^(k + 1)] = [.. World.Value.History(days.Length - 1 - k, 1)]);

        Made.AssertSame(
            Events.Value.OrderBy(made => made.Id, StringComparer.Ordinal),
            days.SelectMany(day => day).OrderBy(made => made.Id, StringComparer.Ordinal));
    }

    [Fact]
    public void History_IsInOrderOfEventTime_WithUniqueIds()
    {
        HashSet<string> ids = new(StringComparer.Ordinal);
        DateTimeOffset last = DateTimeOffset.MinValue;

        foreach (EventRecord made in Events.Value)
        {
            Assert.True(made.EventTime >= last, made.Id);
            Assert.True(made.KnownTime > made.EventTime, made.Id);
            Assert.Equal(0, made.EventTime!.Value.Ticks % TimeSpan.TicksPerMicrosecond);
            Assert.True(ids.Add(made.Id), made.Id);
            last = made.EventTime.Value;
        }
    }

    [Fact]
    public void History_AtFullScale_HasAboutTwoMillionEvents()
    {
        // A twentieth of the world makes a twentieth of the events.
        Assert.InRange(Events.Value.Length, 2_000_000 * 0.05 * 0.95, 2_000_000 * 0.05 * 1.08);
    }

    [Fact]
    public void History_Rates_AreInTheirBands()
    {
        var counts = new Dictionary<string, int>(
            Events.Value.CountBy(made => made.Type, StringComparer.Ordinal), StringComparer.Ordinal);
        double visits = counts["impression"] / 10.0;
        double plays = counts["play"];
        double held = Events.Value.Count(made => made.Type == "play" && Made.Number(made, "watch_fraction") >= 0.5);

        Assert.InRange(plays / visits, 1.5, 2.5);
        Assert.InRange(held / plays, 0.42, 0.6);
        Assert.InRange(counts["like"] / plays, 0.04, 0.12);
        Assert.InRange(counts["skip"] / visits, 0.7, 1.6);

        // 0.2 % of about 13,000 plays: 27 ± 5 at one standard deviation, so four of them.
        Assert.InRange(counts["conversion"] / plays, 0.0005, 0.0037);
    }

    [Fact]
    public void History_FewClientEventsAreLate_ImpressionsNever()
    {
        EventRecord[] plays = [.. Events.Value.Where(made => made.Type == "play")];

        double late = plays.Count(made => made.KnownTime - made.EventTime > TimeSpan.FromMinutes(1));
        double veryLate = plays.Count(made => made.KnownTime - made.EventTime > TimeSpan.FromHours(1));

        Assert.InRange(late / plays.Length, 0.02, 0.06);
        Assert.InRange(veryLate / plays.Length, 0.002, 0.02);
        Assert.DoesNotContain(Events.Value, made =>
            made.Type == "impression" && made.KnownTime - made.EventTime > TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void History_NothingHappensBeforePublicationOrSignup()
    {
        HashSet<string> known = new(StringComparer.Ordinal);

        foreach (EventRecord made in Events.Value)
        {
            if (made.Type is "video" or "viewer")
            {
                known.Add(made.Entities[0].Id);
                continue;
            }

            Assert.Contains(made.Entities[0].Id, known);
            Assert.Contains(made.Entities[1].Id, known);
            int item = World.Value.FindItem(made.Entities[1].Id);
            int user = World.Value.FindUser(made.Entities[0].Id);
            Assert.True(made.EventTime >= World.Value.Video(item).Published, made.Id);
            Assert.True(made.EventTime >= World.Value.Viewer(user).Signup, made.Id);
        }
    }

    [Theory]
    [InlineData("impression", "user,item", "hour,device")]
    [InlineData("play", "user,item", "watch_fraction,watch_seconds")]
    [InlineData("like", "user,item", "")]
    [InlineData("skip", "user,item", "watch_seconds")]
    [InlineData("conversion", "user,item", "value")]
    [InlineData("video", "item", "category,duration_seconds,title,published,thumbnail")]
    [InlineData("viewer", "user", "country,signup")]
    public void History_EventsOfAType_HaveItsEntitiesAndColumns(string type, string entities, string columns)
    {
        foreach (EventRecord made in Events.Value.Where(made => made.Type == type).Take(500))
        {
            Assert.Equal(entities, string.Join(',', made.Entities.Select(key => key.Entity)));
            Assert.Equal(columns, string.Join(',', Made.Data(made).EnumerateObject().Select(column => column.Name)));
            bool isRow = type is "video" or "viewer";
            Assert.Equal(isRow, made.RequestId is null);
            Assert.Equal(isRow, made.Position is null);
            Assert.Equal(type == "impression", made.Propensity is > 0 and <= 1);
        }
    }

    [Fact]
    public void History_Values_AreInTheirRanges()
    {
        foreach (EventRecord made in Events.Value)
        {
            if (made.Type == "play")
            {
                double seconds = World.Value.Video(World.Value.FindItem(made.Entities[1].Id)).DurationSeconds;
                double fraction = Made.Number(made, "watch_fraction");
                Assert.InRange(fraction, 0.001, 1);

                // Three decimals of the fraction and two of the seconds are written.
                Assert.InRange(Made.Number(made, "watch_seconds"), 2, seconds + 0.006);
                Assert.Equal(fraction * seconds, Made.Number(made, "watch_seconds"), 0.0005 * seconds + 0.006);
            }
            else if (made.Type == "skip")
            {
                Assert.InRange(Made.Number(made, "watch_seconds"), 0, 2);
            }
        }
    }

    [Fact]
    public void History_VideoRow_ShowsTheVideo()
    {
        foreach (EventRecord made in Events.Value.Where(made => made.Type == "video"))
        {
            Video video = World.Value.Video(World.Value.FindItem(made.Entities[0].Id));
            System.Text.Json.JsonElement data = Made.Data(made);
            Assert.Equal(video.Category, data.GetProperty("category").GetString());
            Assert.Equal(video.Title, data.GetProperty("title").GetString());
            Assert.Equal(video.DurationSeconds, data.GetProperty("duration_seconds").GetDouble(), 1e-4);
            Assert.InRange(video.DurationSeconds, 5, 240);
            Assert.Equal(video.Published, DateTimeOffset.Parse(
                data.GetProperty("published").GetString()!, CultureInfo.InvariantCulture));
            Assert.Equal(192, data.GetProperty("thumbnail").GetArrayLength());
            Assert.All(data.GetProperty("thumbnail").EnumerateArray(), part => Assert.InRange(part.GetInt32(), 0, 255));
            DateTimeOffset expected = video.Published < Made.Start ? Made.Start : video.Published;
            Assert.Equal(expected, made.EventTime);
        }
    }

    [Fact]
    public void History_Propensities_AreTheChanceOfEachChoice()
    {
        // The mean of 1 / p over draws with probability p is the number of things that could be drawn: on a day the active
        // videos not yet in the list, which grow by a tenth while it lasts.
        Dictionary<int, List<double>> inverses = [];
        foreach (EventRecord made in World.Value.History(5, 9).Where(made => made.Type == "impression"))
        {
            System.Runtime.InteropServices.CollectionsMarshal
                .GetValueRefOrAddDefault(inverses, made.Position!.Value, out _) ??= [];
            inverses[made.Position.Value].Add(1 / made.Propensity!.Value);
        }

        double active = Enumerable.Range(5, 9).Average(day =>
            World.Value.ItemsPublishedBy(Made.Start.AddDays(day + 0.6))
                - World.Value.ItemsPublishedBy(Made.Start.AddDays(day - 14)));
        foreach ((int position, List<double> values) in inverses)
        {
            // The mean has a standard error near 2 %.
            Assert.InRange(values.Average() / (active - position + 1), 0.93, 1.07);
        }
    }

    [Fact]
    public void Rows_OfEveryDay_AreTheRowsOfTheHistory()
    {
        IEnumerable<EventRecord> rows = Enumerable.Range(0, 14).SelectMany(World.Value.Rows);

        Made.AssertSame(Events.Value.Where(made => made.Type is "video" or "viewer"), rows);
    }

    [Fact]
    public void Thumbnails_OfACategory_LookAlike()
    {
        (string Category, double[] Pixels)[] pictures = [.. Events.Value.Where(made => made.Type == "video").Take(600)
            .Select(made => (Category: Made.Data(made).GetProperty("category").GetString()!,
                Pixels: Made.Data(made).GetProperty("thumbnail").EnumerateArray().Select(p => p.GetDouble()).ToArray()))];

        // The nearest other picture is of the same category far more often than one time in ten.
        int same = pictures.Count(own => pictures.Where(other => other.Pixels != own.Pixels)
            .MinBy(other => own.Pixels.Zip(other.Pixels, (a, b) => (a - b) * (a - b)).Sum()).Category == own.Category);

        Assert.InRange((double)same / pictures.Length, 0.4, 1);
    }
}
