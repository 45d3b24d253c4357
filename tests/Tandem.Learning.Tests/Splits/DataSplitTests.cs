using Tandem.Numerics;

namespace Tandem.Learning.Tests.Splits;

public sealed class DataSplitTests
{
    [Fact]
    public void LeaveLastOut_HoldsOutTheLastRowOfWhoHasTwo()
    {
        Interactions all = SmallWorld.From(itemCount: 9, [1, 2, 3], [4], [], [5, 6]);

        var split = DataSplit.LeaveLastOut(all);

        Assert.Equal([[1, 2], [4], [], [5]], Histories(split.Train));
        Assert.Equal([[3], [], [], [6]], Histories(split.Test));
        Assert.Same(split.Train, split.History);
        Assert.Equal("leave-last-out", split.Name);
    }

    [Fact]
    public void LeaveLastOut_WithValidation_UsesItAsHistoryOnly()
    {
        Interactions all = SmallWorld.From(itemCount: 9, [1, 2, 3], [5, 6]);

        var split = DataSplit.LeaveLastOut(all, holdOutValidation: true);

        Assert.Equal([[1], [5, 6]], Histories(split.Train));
        Assert.Equal([[1, 2], [5, 6]], Histories(split.History));
        Assert.Equal([[3], []], Histories(split.Test));
    }

    [Fact]
    public void ByTime_DropsTheGapAndCountsAgesFromTheTestWindow()
    {
        Interactions all = SmallWorld.From(itemCount: 9, [1, 2, 3, 4]) with { AgeDays = [10, 4, 2.5f, 0.5f], Weights = [1, 2, 3, 4] };

        var split = DataSplit.ByTime(all, testDays: 2, gapDays: 1);

        Assert.Equal([[1, 2]], Histories(split.Train));
        Assert.Equal([8, 2], split.Train.AgeDays);
        Assert.Equal([1, 2], split.Train.Weights);
        Assert.Equal([[4]], Histories(split.Test));
        Assert.Equal([0.5f], split.Test.AgeDays);
    }

    [Fact]
    public void ByTime_KeepsTheStatesOfItsRows()
    {
        Interactions all = SmallWorld.From(itemCount: 3, [1, 2, 0]) with
        {
            AgeDays = [10, 4, 0.5f],
            Past = ItemStates.None with { Items = [1, 2, 0, 2], Periods = [1, 1, 0, 0], Chosen = [0, 1, 2], Drawn = [1, 0, 3] },
        };

        var split = DataSplit.ByTime(all, testDays: 2);

        Assert.Equal([0, 1], split.Train.Past.Chosen);
        Assert.Equal([1, 0], split.Train.Past.Drawn);
        Assert.Equal([2], split.Test.Past.Chosen);
        Assert.Equal(all.Past.Items, split.Test.Past.Items);
    }

    [Fact]
    public void HoldOut_TakesAShareOfEachUser_WhoeverElseThereIs()
    {
        int[] ten = [.. Enumerable.Range(0, 10)];
        Interactions all = SmallWorld.From(itemCount: 10, ten, [3, 4], [], ten);

        var split = DataSplit.HoldOut(all, share: 0.3, seed: 5);
        var alone = DataSplit.HoldOut(SmallWorld.From(itemCount: 10, ten), share: 0.3, seed: 5);

        Assert.Equal([3, 0, 0, 3], Histories(split.Test).Select(static items => items.Length));
        Assert.Equal([3, 4], Histories(split.Train)[1]);
        Assert.Equal(ten, Histories(split.Train)[3].Concat(Histories(split.Test)[3]).Order());
        Assert.Equal(Histories(alone.Test)[0], Histories(split.Test)[0]);
        Assert.NotEqual(Histories(split.Test)[0], Histories(split.Test)[3]);
    }

    [Fact]
    public void OfUsers_KeepsWholeUsers_AndMoreOfThemForALargerShare()
    {
        var split = DataSplit.LeaveLastOut(
            SmallWorld.From(itemCount: 9, [.. Enumerable.Range(0, 1000).Select(static _ => (int[])[1, 2, 3])]));

        DataSplit few = split.OfUsers(0.1, seed: 3);
        DataSplit many = split.OfUsers(0.4, seed: 3);

        int[] kept = [.. Enumerable.Range(0, 1000).Where(user => few.Train.ItemsOf(user).Length > 0)];
        // Within five standard deviations of a hundred.
        Assert.InRange(kept.Length, 53, 147);
        Assert.All(kept, user => Assert.Equal(split.Train.ItemsOf(user).ToArray(), many.Train.ItemsOf(user).ToArray()));
        Assert.All(kept, user => Assert.Equal([3], few.Test.ItemsOf(user).ToArray()));
        Assert.Equal(kept.Length, few.Test.Count);
        Assert.Equal(1000, few.Train.UserCount);
        Assert.Same(few.Train, few.History);
        Assert.Same(split, split.OfUsers(1, seed: 3));
    }

    [Fact]
    public void ByTime_WithoutTimes_IsRefused()
    {
        Interactions all = SmallWorld.From(itemCount: 3, [0, 1]);

        Assert.Throws<ArgumentException>(() => DataSplit.ByTime(all, testDays: 1));
    }

    [Fact]
    public void Given_WithOtherCounts_IsRefused()
    {
        Assert.Throws<ArgumentException>(
            () => DataSplit.Given(SmallWorld.From(itemCount: 3, [0]), SmallWorld.From(itemCount: 4, [0])));
    }

    [Fact]
    public void AnySplit_PutsNoRowInBothHalves()
    {
        for (ulong seed = 1; seed <= 30; seed++)
        {
            Interactions all = WithRowNumbers(SmallWorld.Make(seed));
            SeededRandom random = new(seed);
            double test = 3 + (4 * random.NextDouble());
            double gap = 2 * random.NextDouble();

            foreach (DataSplit split in (DataSplit[])[
                DataSplit.LeaveLastOut(all),
                DataSplit.LeaveLastOut(all, holdOutValidation: true),
                DataSplit.ByTime(all, test, gap)])
            {
                float[] shared = [.. split.Train.Weights.Intersect(split.Test.Weights)];
                float[] ahead = [.. split.History.Weights.Intersect(split.Test.Weights)];
                Assert.True(shared.Length == 0 && ahead.Length == 0, $"seed {seed}, split {split.Name}");
                Assert.True(split.Train.Count > 0 && split.Test.Count > 0, $"seed {seed}, split {split.Name}");
            }
        }
    }

    [Fact]
    public void ByTime_TestsNothingOlderThanItTrainsOn()
    {
        for (ulong seed = 1; seed <= 30; seed++)
        {
            var split = DataSplit.ByTime(SmallWorld.Make(seed), testDays: 3, gapDays: 1);

            // Training ages count from the start of the window, three days before now.
            Assert.True(split.Train.AgeDays.Min() >= 1, $"seed {seed}");
            Assert.True(split.Test.AgeDays.Max() < 3, $"seed {seed}");
        }
    }

    /// <summary>Gives each row a weight of its own, so that it can be told from all others.</summary>
    private static Interactions WithRowNumbers(Interactions rows) =>
        rows with { Weights = [.. Enumerable.Range(1, rows.Count).Select(number => (float)number)] };

    private static int[][] Histories(Interactions rows) =>
        [.. Enumerable.Range(0, rows.UserCount).Select(user => rows.ItemsOf(user).ToArray())];
}
