using Tandem.Events;

namespace Tandem.Worlds.Tests;

public sealed class DriftTests
{
    private static readonly DateTimeOffset Moment = Made.Start.AddDays(6.5);
    private static readonly VideoWorld Base = Made.World();

    [Fact]
    public void ConceptDrift_BeginsAtItsMoment()
    {
        VideoWorld drifting = Made.World(Made.Small with { ConceptDriftAt = Moment });
        float[] expected = new float[Base.ItemCount];
        float[] actual = new float[Base.ItemCount];

        Base.OracleScores(9, Moment.AddMicroseconds(-1), expected);
        drifting.OracleScores(9, Moment.AddMicroseconds(-1), actual);
        Assert.Equal(expected, actual);

        Base.OracleScores(9, Moment, expected);
        drifting.OracleScores(9, Moment, actual);
        int published = Base.ItemsPublishedBy(Moment);
        Assert.True(expected.Take(published).Zip(actual, (x, y) => x != y).Count(differ => differ) > 0.99 * published);
    }

    [Fact]
    public void ConceptDrift_StrengthZero_ChangesNothing()
    {
        VideoWorld still = Made.World(Made.Small with { ConceptDriftAt = Moment, ConceptDriftStrength = 0 });

        Made.AssertSame(Base.History(6, 2), still.History(6, 2));
    }

    [Fact]
    public void ConceptDrift_LeavesVisitsAndRowsAsTheyAre()
    {
        VideoWorld drifting = Made.World(Made.Small with { ConceptDriftAt = Moment });

        Assert.Equal(Base.Visits(8), drifting.Visits(8));
        Made.AssertSame(Base.Rows(8), drifting.Rows(8));
    }

    [Fact]
    public void Drifts_ChangeNoEventOfAnEarlierVisit()
    {
        WorldOptions both = Made.Small with { ConceptDriftAt = Moment, DataDriftAt = Moment };
        static EventRecord[] Before(VideoWorld world)
        {
            // Visits are numbered in order of time, so request ids agree up to the drift.
            int first = world.Visits(6).Count(visit => visit.Time < Moment);
            return [.. world.History(0, 7)
                .Where(made => made.RequestId is { } id ? IsBefore(id, first) : made.EventTime < Moment)];
        }

        EventRecord[] expected = Before(Base);
        EventRecord[] actual = Before(Made.World(both));

        // The day of a data drift has as many visits as without, but in its second half other people make them.
        Made.AssertSame(expected, actual);
        Assert.True(expected.Length > 40_000);
    }

    [Fact]
    public void DataDrift_ChangesTheMixFromItsMomentOn()
    {
        VideoWorld drifting = Made.World(Made.Small with { DataDriftAt = Moment });
        Visit[] before = [.. drifting.Visits(5), .. drifting.Visits(6).Where(visit => visit.Time < Moment)];
        Visit[] after = [.. drifting.Visits(6).Where(visit => visit.Time >= Moment), .. drifting.Visits(7)];

        Assert.Equal([.. Base.Visits(5), .. Base.Visits(6).Where(visit => visit.Time < Moment)], before);
        double indonesia = Share(before, visit => drifting.Viewer(visit.User).Country == "id");
        Assert.True(Share(after, visit => drifting.Viewer(visit.User).Country == "id") > 2 * indonesia);
        double ios = Share(before, visit => visit.Device == "ios");
        Assert.True(Share(after, visit => visit.Device == "ios") < ios - 0.1);
        for (int item = 0; item < drifting.ItemCount; item++)
        {
            (Video plain, Video drifted) = (Base.Video(item), drifting.Video(item));
            Assert.Equal(plain with { DurationSeconds = 0 }, drifted with { DurationSeconds = 0 });
            bool isShorter = drifted.DurationSeconds < plain.DurationSeconds;
            Assert.Equal(plain.Published >= Moment && plain.DurationSeconds > 5, isShorter);
        }
    }

    [Fact]
    public void DataDrift_LeavesTheTasteRelationAsItIs()
    {
        VideoWorld drifting = Made.World(Made.Small with { DataDriftAt = Moment });
        DateTimeOffset later = Moment.AddDays(2);
        int users = Base.UsersJoinedBy(Moment.AddTicks(-1));
        int items = Base.ItemsPublishedBy(Moment.AddTicks(-1));
        float[] expected = new float[Base.ItemCount];
        float[] actual = new float[Base.ItemCount];
        for (int user = 0; user < users; user += 97)
        {
            Base.OracleScores(user, later, expected);
            drifting.OracleScores(user, later, actual);

            Assert.Equal(expected.Take(items), actual.Take(items));
        }
    }

    private static double Share(Visit[] visits, Func<Visit, bool> condition)
    {
        return (double)visits.Count(condition) / visits.Length;
    }

    private static bool IsBefore(string requestId, int firstOfDaySix)
    {
        string[] parts = requestId[1..].Split('-');
        int day = int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture);
        int index = int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
        return day < 6 || (day == 6 && index < firstOfDaySix);
    }
}
