namespace Tandem.Worlds.Tests;

public sealed class WorldOptionsTests
{
    [Fact]
    public void Validate_Defaults_AreValid()
    {
        Assert.Empty(new WorldOptions().Validate());
    }

    [Fact]
    public void Constructor_SeveralBadSettings_ReportsAllTogether()
    {
        WorldOptions options = new()
        {
            Scale = double.NaN,
            HistoryDays = 0,
            HorizonDays = 731,
            ColdUserShare = -0.1,
            NewItemShare = 1.1,
            ConceptDriftStrength = 4,
            Start = new DateTimeOffset(2026, 1, 1, 1, 0, 0, TimeSpan.Zero),
            DataDriftAt = Made.Start.AddDays(-1),
        };

        Faults.TandemException thrown = Assert.Throws<Faults.TandemException>(() => new VideoWorld(options));

        string[] places = [.. thrown.Faults.Select(fault => fault.Place!).Distinct(StringComparer.Ordinal)];
        Assert.Equal(
            ["Scale", "UserCount", "ItemCount", "VisitsPerDay", "HistoryDays", "HorizonDays", "ColdUserShare",
                "NewItemShare", "ConceptDriftStrength", "Start", "DataDriftAt"],
            places,
            StringComparer.Ordinal);
        string[] codes = [.. thrown.Faults.Select(fault => fault.Code).Distinct(StringComparer.Ordinal)];
        Assert.Equal(["WLD001", "WLD002", "WLD003"], codes, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(28 * 24)]
    public void Validate_DriftOutsideTheHorizon_IsWld003(int hours)
    {
        WorldOptions options = new() { ConceptDriftAt = Made.Start.AddHours(hours) };

        Assert.Equal("WLD003", Assert.Single(options.Validate()).Code);
    }

    [Fact]
    public void Counts_FollowTheSettings()
    {
        WorldOptions options = Made.Small with { Scale = 0.5, UserCount = 4_000, ItemCount = 3_000, HistoryDays = 7 };

        VideoWorld world = Made.World(options);

        DateTimeOffset end = options.Start.AddDays(7);
        Assert.InRange(world.UsersJoinedBy(end), 1_995, 2_005);
        Assert.InRange(world.ItemsPublishedBy(end), 1_495, 1_505);
        Assert.InRange(Enumerable.Range(0, 7).Average(day => world.Visits(day).Count), 5_495, 5_505);
    }

    [Fact]
    public void StartVisitsAndHorizon_SetTheDays()
    {
        DateTimeOffset start = new(2025, 6, 2, 0, 0, 0, TimeSpan.Zero);

        VideoWorld world = Made.World(Made.Small with { Start = start, VisitsPerDay = 20_000, HorizonDays = 15 });

        IReadOnlyList<Visit> visits = world.Visits(14);
        Assert.InRange(visits.Count, 950, 1_000); // A Monday is a little quieter than the mean of 1,000.
        Assert.All(visits, visit => Assert.Equal(start.AddDays(14).Date, visit.Time.Date));
        Assert.Throws<ArgumentOutOfRangeException>(() => world.Visits(15));
    }

    [Fact]
    public void ColdUserShareAndNewItemShare_SetWhoComesDuringTheHistory()
    {
        WorldOptions options = Made.Small with { ColdUserShare = 0.4, NewItemShare = 0.05 };

        VideoWorld world = Made.World(options);

        DateTimeOffset end = options.Start.AddDays(14);
        double joined = 1 - ((double)world.UsersJoinedBy(options.Start) / world.UsersJoinedBy(end));
        Assert.Equal(0.4, joined, 0.01);
        double published = (double)world.ItemsPublishedBy(end) / world.ItemsPublishedBy(options.Start);
        Assert.Equal(1 + (14 * 0.05), published, 0.01);
    }
}
