using Xunit.Abstractions;

namespace Tandem.Worlds.Tests;

/// <summary>What a simple model can learn here, what a concept drift costs it, and what a day of new data gives
/// back.</summary>
public sealed class LearnabilityTests : IClassFixture<LearnabilityTests.Learned>
{
    private readonly Learned _learned;
    private readonly ITestOutputHelper _output;

    public LearnabilityTests(Learned learned, ITestOutputHelper output)
    {
        _learned = learned;
        _output = output;
    }

    [Fact]
    public void SimplePersonalModel_BeatsPopularityClearly()
    {
        double personal = Ndcg(_learned.Still, _learned.Ranker, 14);
        double popular = Ndcg(_learned.Still, _learned.Ranker, 14, personal: false);

        _output.WriteLine($"NDCG@10 personal {personal:F3}, popular {popular:F3}");
        Assert.True(personal > 1.4 * popular);
        Assert.InRange(personal, 0.35, 0.8);
    }

    [Fact]
    public void ClickError_WithoutDrift_IsStableOverDays()
    {
        double[] errors =
        [
            .. Enumerable.Range(14, 5).Select(day =>
                _learned.Ranker.ClickError(ShownList.FromHistory(_learned.Still, day, 1))),
        ];

        _output.WriteLine(string.Join(' ', errors));
        Assert.True(errors.Max() - errors.Min() < 0.04);
    }

    [Fact]
    public void ConceptDrift_CostsTheOldModelAThirdAndMore()
    {
        double before = Ndcg(_learned.Still, _learned.Ranker, 14);
        double after = Ndcg(_learned.Drifting, _learned.Ranker, 14);

        _output.WriteLine($"NDCG@10 before {before:F3}, after {after:F3}");
        Assert.True(after < before * 2 / 3);
    }

    [Fact]
    public void OneDayAfterTheDrift_WinsBackMostOfIt()
    {
        List<ShownList> logged = ShownList.FromHistory(_learned.Drifting, 14, 1);
        List<ShownList> served = ServeWithExploration(_learned.Drifting, _learned.Ranker, 14);
        DateTimeOffset now = Made.Start.AddDays(15);
        double before = Ndcg(_learned.Still, _learned.Ranker, 14);
        double old = Ndcg(_learned.Drifting, _learned.Ranker, 15);

        double fromLogged = Ndcg(_learned.Drifting, new(_learned.Drifting, [.. _learned.Before, .. logged], now, 0.7), 15);
        double fromServed = Ndcg(_learned.Drifting, new(_learned.Drifting, [.. _learned.Before, .. served], now, 0.7), 15);

        _output.WriteLine($"NDCG@10 before {before:F3}, old {old:F3}, refitted from the logging policy's lists "
            + $"{fromLogged:F3}, from the old model's with a fifth at random {fromServed:F3}");
        Assert.True(fromLogged - old > 0.66 * (before - old));
        Assert.True(fromServed - old > 0.5 * (before - old));
    }

    [Fact]
    public void ConceptDrift_RaisesTheClickErrorByTenPoints()
    {
        double logged = _learned.Ranker.ClickError(ShownList.FromHistory(_learned.Still, 14, 1));
        double loggedAfter = _learned.Ranker.ClickError(ShownList.FromHistory(_learned.Drifting, 14, 1));
        double served = _learned.Ranker.ClickError(Serve(_learned.Still));
        double servedAfter = _learned.Ranker.ClickError(Serve(_learned.Drifting));

        _output.WriteLine($"click error on logged lists {logged:F3} to {loggedAfter:F3}, "
            + $"on the model's own {served:F3} to {servedAfter:F3}");
        Assert.True(loggedAfter - logged > 0.1);
        Assert.True(servedAfter - served > 0.1);
    }

    private IEnumerable<ShownList> Serve(VideoWorld world)
    {
        return world.Visits(14).Select(visit => ShownList.Serve(world, visit, _learned.Ranker.Top(world, visit)));
    }

    private static List<ShownList> ServeWithExploration(VideoWorld world, SimpleRanker ranker, int day)
    {
        Numerics.SeededRandom random = new(77);
        List<ShownList> lists = [];
        foreach (Visit visit in world.Visits(day))
        {
            int[] items = ranker.Top(world, visit);
            int first = world.ItemsPublishedBy(visit.Time.AddDays(-14));
            int count = world.ItemsPublishedBy(visit.Time) - first;
            for (int place = 0; place < items.Length; place++)
            {
                int item = first + random.NextInt(count);
                if (random.NextDouble() < 0.2 && !items.Contains(item))
                {
                    items[place] = item;
                }
            }

            lists.Add(ShownList.Serve(world, visit, items));
        }

        return lists;
    }

    private static double Ndcg(VideoWorld world, SimpleRanker ranker, int day, bool personal = true)
    {
        float[] scores = new float[world.ItemCount];
        Visit[] visits = [.. world.Visits(day).Where(visit => visit.Index % 5 == 0)];
        return visits.Average(visit =>
            world.Judge(visit.User, visit.Time, ranker.Top(world, visit, personal), scores).Ndcg);
    }

    /// <summary>A quarter of the world, and a model fitted on its two weeks before the drift.</summary>
    public sealed class Learned
    {
        public Learned()
        {
            WorldOptions options = new() { Scale = 0.25 };
            Still = new VideoWorld(options);
            Drifting = new VideoWorld(options with { ConceptDriftAt = Made.Start.AddDays(14) });
            Before = ShownList.FromHistory(Still, 0, 14);
            Ranker = new SimpleRanker(Still, Before, Made.Start.AddDays(14), 7);
        }

        internal VideoWorld Still { get; }

        internal VideoWorld Drifting { get; }

        internal List<ShownList> Before { get; }

        internal SimpleRanker Ranker { get; }
    }
}
