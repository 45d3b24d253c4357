using System.Globalization;
using Tandem.Faults;
using Tandem.Features;
using Tandem.Lake;
using Tandem.Numerics;
using Tandem.Training.Leaks;

namespace Tandem.Training.Tests.Leaks;

public sealed class LeakCheckTests
{
    private const double MostAlone = 0.95;

    private static readonly DateTimeOffset Noon = ShownSystem.Noon;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Find_InAWorldWithoutLeaks_FindsNothing(ulong seed)
    {
        await using ShownSystem system = new();
        SeededRandom random = new(seed);
        for (int n = 0; n < 400; n++)
        {
            string user = Id("u", random.NextInt(60));
            DateTimeOffset time = Noon.AddMinutes(-170).AddSeconds(n * 15);
            system.Show(Id("r", n), user, Id("v", n), time);
            if (random.NextInt(3) == 0)
            {
                system.Play(Id("r", n), user, Id("v", n), time.AddMinutes(1), paid: time.AddSeconds(-n));
            }
        }

        using LakeSnapshot snapshot = await system.RecordAsync();

        Assert.Empty(LeakCheck.Find(await BuildAsync(system, snapshot), system.Features, MostAlone));
    }

    [Fact]
    public async Task Find_OfAFeatureThatTellsTheLabelsApart_NamesItWithItsInterval()
    {
        await using ShownSystem system = new();
        for (int n = 0; n < 100; n++)
        {
            Show(system, n, isPositive: n % 2 == 0, playsBefore: n % 2 == 0 ? 1 + (n % 3) : 0);
        }

        using LakeSnapshot snapshot = await system.RecordAsync();

        LeakFinding found = Assert.Single(LeakCheck.Find(await BuildAsync(system, snapshot), system.Features, MostAlone));

        Assert.Equal((LeakKind.PredictsAlone, true, "user_play:plays"), (found.Kind, found.IsError, found.Column));
        Assert.Contains("50 positives from 50 negatives", found.Evidence, StringComparison.Ordinal);
        Assert.Contains("1.000 (99 % interval 1.000 to 1.000", found.Evidence, StringComparison.Ordinal);
        Assert.Equal(2, found.Rows.Count);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(10, true)]
    [InlineData(0, false)]
    [InlineData(10, false)]
    public async Task Find_OfARateOfTheRowsOwnLabels_NamesIt_AndNotThatOfTheOthers(double strength, bool isOwn)
    {
        await using ShownSystem system = new();
        SeededRandom random = new(seed: 9);
        for (int n = 0; n < 400; n++)
        {
            int user = random.NextInt(40);
            DateTimeOffset time = Noon.AddMinutes(-170).AddSeconds(n * 15);
            system.Show(Id("r", n), Id("u", user), Id("v", n), time);
            if (random.NextDouble() < 0.2 + (0.015 * user))
            {
                system.Play(Id("r", n), Id("u", user), Id("v", n), time.AddMinutes(1));
            }
        }

        using LakeSnapshot snapshot = await system.RecordAsync();
        LabelledSet set = await BuildAsync(system, snapshot);
        Spine spine = set.Set.Spine;
        double overall = spine.Labels.Average();
        for (int row = 0; row < spine.Count; row++)
        {
            int[] same =
            [
                .. Enumerable.Range(0, spine.Count)
                    .Where(other => spine.Ids[0][other] == spine.Ids[0][row] && (isOwn || other != row)),
            ];
            set.Set.Values[row * set.Set.FeatureCount] = (float)(
                (same.Sum(other => spine.Labels[other]) + (strength * overall)) / Math.Max(1, same.Length + strength));
        }

        IReadOnlyList<LeakFinding> found = LeakCheck.Find(set, system.Features, MostAlone);

        if (isOwn)
        {
            LeakFinding leak = Assert.Single(found);
            Assert.Equal(
                (LeakKind.OwnLabel, true, set.Set.Description.Features[0]), (leak.Kind, leak.IsError, leak.Column));
            Assert.Contains("of its user", leak.Evidence, StringComparison.Ordinal);
            Assert.Contains("target", leak.Fix, StringComparison.Ordinal);
        }
        else
        {
            Assert.Empty(found);
        }
    }

    [Fact]
    public async Task Find_OfTooFewRowsToTell_SuspectsNothing()
    {
        await using ShownSystem system = new();
        for (int n = 0; n < 2 * (LeakCheck.MinimumRowsAClass - 1); n++)
        {
            Show(system, n, isPositive: n % 2 == 0, playsBefore: n % 2 == 0 ? 1 : 0);
        }

        using LakeSnapshot snapshot = await system.RecordAsync();

        Assert.Empty(LeakCheck.Find(await BuildAsync(system, snapshot), system.Features, MostAlone));
    }

    [Fact]
    public async Task Find_OfAMomentAfterTheLabel_WarnsOfItsColumn()
    {
        await using ShownSystem system = new();
        for (int n = 0; n < 40; n++)
        {
            Show(system, n, isPositive: n % 2 == 0, playsBefore: 1, paid: Noon.AddDays(n == 6 ? 1 : -1));
        }

        using LakeSnapshot snapshot = await system.RecordAsync();

        LeakFinding found = Assert.Single(LeakCheck.Find(await BuildAsync(system, snapshot), system.Features, MostAlone));

        Assert.Equal((LeakKind.NewerThanLabel, false, "user_play:paid"), (found.Kind, found.IsError, found.Column));
        Assert.StartsWith("in 1 of 40 rows", found.Evidence, StringComparison.Ordinal);
        Assert.StartsWith("row 6: user=u6 item=v6 at ", Assert.Single(found.Rows), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_OfRowsTakenAfterTheirLabel_StopsTraining()
    {
        await using ShownSystem system = new();
        Show(system, 0, isPositive: true, playsBefore: 1);
        Show(system, 1, isPositive: false, playsBefore: 1);
        using LakeSnapshot snapshot = await system.RecordAsync();
        LabelledSet set = await BuildAsync(system, snapshot);

        LeakFinding found = Assert.Single(LeakCheck.Find(
            set with { LabelTimes = [set.Set.Spine.Times[0] - 1, long.MaxValue] }, system.Features, MostAlone));

        Assert.Equal((LeakKind.NewerThanLabel, true, null), (found.Kind, found.IsError, found.Column));
        Assert.StartsWith("1 of 2 rows", found.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_OfARowInTwoParts_StopsTraining_AndOfOneInOnePartWarns()
    {
        await using ShownSystem system = new();
        using LakeSnapshot snapshot = await system.RecordAsync();

        LeakFinding across = Assert.Single(await FindAsync(
            system, snapshot, [("u1", 0, "train"), ("u2", 2, "test"), ("u2", 2, "gap")]));
        LeakFinding within = Assert.Single(await FindAsync(
            system, snapshot, [("u1", 0, "train"), ("u1", 0, "train"), ("u1", 2, "test")]));

        Assert.Equal((LeakKind.DuplicateRows, true), (across.Kind, across.IsError));
        Assert.Equal((LeakKind.DuplicateRows, false), (within.Kind, within.IsError));
    }

    [Fact]
    public async Task Find_OfTrainRowsAfterTestRows_StopsTraining()
    {
        await using ShownSystem system = new();
        using LakeSnapshot snapshot = await system.RecordAsync();

        LeakFinding found = Assert.Single(await FindAsync(
            system, snapshot, [("u1", 0, "train"), ("u2", 2, "test"), ("u3", 3, "train")]));

        Assert.Equal((LeakKind.PartsOutOfOrder, true), (found.Kind, found.IsError));
        Assert.StartsWith("1 rows to learn from", found.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_OfASetThatKnowsItsLabels_StopsWithTheColumnAndTheFix()
    {
        await using SmallSystem system = new();
        List<Events.EventRecord> events = [];
        for (int n = 0; n < 80; n++)
        {
            DateTimeOffset time = SmallSystem.Now.AddHours(-20).AddMinutes(n);
            if (n % 2 == 0)
            {
                events.Add(SmallSystem.Event("play", n, time.AddHours(-5), fraction: 0.1));
            }

            events.Add(SmallSystem.Event("impression", n, time));
            events.Add(SmallSystem.Event("play", n, time.AddMinutes(1), fraction: n % 2 == 0 ? 0.9 : 0.1));
        }

        using LakeSnapshot snapshot = await system.RecordAsync(events);

        TandemException stopped = await Assert.ThrowsAsync<TandemException>(
            () => system.Loop().RunAsync(snapshot, new TrainingRequest()));

        Assert.Equal(("TRN007", "user_activity:plays_7d"), (stopped.Fault.Code, stopped.Fault.Place));
        Assert.Null(await system.Registry.FindAsync("small", "1"));
    }

    /// <summary>An impression to a user of its own, with what they did before and after it.</summary>
    private static void Show(
        ShownSystem system, int n, bool isPositive, int playsBefore, DateTimeOffset? paid = null)
    {
        DateTimeOffset time = Noon.AddMinutes(-170).AddSeconds(n);
        for (int play = 0; play < playsBefore; play++)
        {
            system.Play(null, Id("u", n), "before", time.AddDays(-1).AddMinutes(-play), paid: paid);
        }

        system.Show(Id("r", n), Id("u", n), Id("v", n), time);
        if (isPositive)
        {
            system.Play(Id("r", n), Id("u", n), Id("v", n), time.AddMinutes(2));
        }
    }

    private static async Task<LabelledSet> BuildAsync(ShownSystem system, LakeSnapshot snapshot) =>
        (await system.BuildAsync(snapshot, Noon, asOf: Noon))!;

    /// <summary>What is found in a set of rows that nobody labelled.</summary>
    private static async Task<IReadOnlyList<LeakFinding>> FindAsync(
        ShownSystem system, LakeSnapshot snapshot, (string User, int Minute, string Part)[] rows)
    {
        Spine spine = new()
        {
            Entities = ["user", "item"],
            Ids = [[.. rows.Select(row => row.User)], [.. rows.Select(_ => "v")]],
            Times = [.. rows.Select(row => LakeTime.ToMicros(Noon.AddMinutes(row.Minute)))],
            Parts = [.. rows.Select(row => row.Part)],
        };
        TrainingSet set = await TrainingSetBuilder.BuildAsync(snapshot, spine, system.Features, Noon.AddDays(1));
        return LeakCheck.Find(new LabelledSet(set, Noon, Noon.AddDays(1), 0, []), system.Features, MostAlone);
    }

    private static string Id(string kind, int number) => kind + number.ToString(CultureInfo.InvariantCulture);
}
