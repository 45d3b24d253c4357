using Tandem.Events;
using Tandem.Testing;

namespace Tandem.Worlds.Tests;

public sealed class TruthTests
{
    private static readonly VideoWorld World = Made.World();

    [Fact]
    public void ExpectedSatisfaction_IsWhatHappensOnAverage()
    {
        const int Trials = 4_000;
        IReadOnlyList<Visit> visits = World.Visits(14);
        for (int k = 0; k < 12; k++)
        {
            // Other indices are other visits of the same user at the same moment.
            Visit visit = visits[k * 37];
            int item = 100 + (k * 101);
            int satisfied = 0;
            for (int trial = 0; trial < Trials; trial++)
            {
                satisfied += Satisfied(visit with { Index = 1_000_000 + trial }, [item]);
            }

            double expected = World.ExpectedSatisfaction(visit.User, item, visit.Time);
            double error = Math.Sqrt(expected * (1 - expected) / Trials);

            // Twelve draws stay within four standard errors but once in a thousand runs; the seed is fixed.
            Assert.InRange((double)satisfied / Trials, expected - (4 * error), expected + (4 * error));
        }
    }

    [Fact]
    public void OracleOrder_FirstPlace_SatisfiesMoreThanAnyOther()
    {
        float[] scores = new float[World.ItemCount];
        int[] byRank = new int[4];
        foreach (Visit visit in World.Visits(14).Concat(World.Visits(15)))
        {
            World.OracleScores(visit.User, visit.Time, scores);
            int[] order = Order(scores);
            byRank[0] += Satisfied(visit, [order[0]]);
            byRank[1] += Satisfied(visit, [order[20]]);
            byRank[2] += Satisfied(visit, [order[200]]);
            byRank[3] += Satisfied(visit, [order[1_000]]);
        }

        Assert.True(byRank[0] > byRank[1] && byRank[1] > byRank[2] && byRank[2] > byRank[3], string.Join(' ', byRank));
    }

    [Fact]
    public void OracleScores_AreTheExpectedSatisfactions_AndMinusInfinityBeforePublication()
    {
        float[] scores = new float[World.ItemCount];
        DateTimeOffset time = Made.Start.AddDays(3.7);

        World.OracleScores(5, time, scores);

        for (int item = 0; item < scores.Length; item++)
        {
            Assert.Equal(World.Video(item).Published > time, float.IsNegativeInfinity(scores[item]));
            Assert.Equal((float)World.ExpectedSatisfaction(5, item, time), scores[item]);
        }
    }

    [Fact]
    public void OracleScores_OtherLength_Throws()
    {
        Assert.Throws<ArgumentException>(() => World.OracleScores(0, Made.Start, new float[3]));
    }

    [Fact]
    public void OracleScoresAndJudge_AllocateNothing()
    {
        float[] scores = new float[World.ItemCount];
        int[] shown = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        World.Judge(1, Made.Start.AddDays(3), shown, scores);

        int user = 2;
        long allocated = Allocations.Least(() => World.Judge(user++, Made.Start.AddDays(4), shown, scores));

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Judge_AgreesWithSorting()
    {
        float[] scores = new float[World.ItemCount];
        DateTimeOffset time = Made.Start.AddDays(9.3);
        for (int user = 0; user < 50; user++)
        {
            World.OracleScores(user, time, scores);
            int[] best = Order(scores)[..10];
            int[] shown = [.. Enumerable.Range(user, 10)];
            double Gain(int[] list) => list.Select((item, k) => scores[item] / Math.Log2(k + 2)).Sum();
            double ideal = Gain(best);
            double gain = Gain(shown);

            ListQuality top = World.Judge(user, time, best, scores);
            ListQuality other = World.Judge(user, time, shown, scores);

            Assert.Equal(1, top.Ndcg, 1e-12);
            Assert.Equal(ideal, other.BestGain, 1e-9);
            Assert.Equal(gain, other.Gain, 1e-9);
            Assert.Equal(ideal - gain, other.Regret, 1e-9);
            Assert.InRange(other.Ndcg, 0, 1);
        }
    }

    [Fact]
    public void Tastes_MoveSlowly()
    {
        float[] first = new float[World.ItemCount];
        float[] next = new float[World.ItemCount];
        float[] later = new float[World.ItemCount];
        double nearBy = 0;
        double farOff = 0;
        for (int user = 0; user < 40; user++)
        {
            World.OracleScores(user, Made.Start.AddDays(1.5), first);
            World.OracleScores(user, Made.Start.AddDays(2.5), next);
            World.OracleScores(user, Made.Start.AddDays(22.5), later);
            int published = World.ItemsPublishedBy(Made.Start.AddDays(1.5));
            nearBy += Correlation(first.AsSpan(0, published), next.AsSpan(0, published));
            farOff += Correlation(first.AsSpan(0, published), later.AsSpan(0, published));
        }

        Assert.InRange(nearBy / 40, 0.97, 0.9999);
        Assert.InRange(farOff / 40, 0.6, 0.97);
    }

    private static int Satisfied(Visit visit, int[] shown)
    {
        return World.React(visit, shown, "r")
            .Any(made => made.Type == "like" || (made.Type == "play" && IsHeld(made))) ? 1 : 0;
    }

    private static bool IsHeld(EventRecord play) => Made.Number(play, "watch_fraction") >= 0.5;

    private static int[] Order(float[] scores)
    {
        return [.. Enumerable.Range(0, scores.Length).OrderByDescending(item => scores[item])];
    }

    private static double Correlation(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double meanX = 0, meanY = 0, xy = 0, xx = 0, yy = 0;
        for (int i = 0; i < x.Length; i++)
        {
            meanX += x[i] / (double)x.Length;
            meanY += y[i] / (double)x.Length;
        }

        for (int i = 0; i < x.Length; i++)
        {
            xy += (x[i] - meanX) * (y[i] - meanY);
            xx += (x[i] - meanX) * (x[i] - meanX);
            yy += (y[i] - meanY) * (y[i] - meanY);
        }

        return xy / Math.Sqrt(xx * yy);
    }
}
