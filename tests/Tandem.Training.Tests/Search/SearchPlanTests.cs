using Tandem.Spec;
using Tandem.Training.Search;

namespace Tandem.Training.Tests.Search;

public sealed class SearchPlanTests
{
    private static readonly ModelChoiceSpec Fixed = new() { Kind = "popular" };

    private static readonly ModelChoiceSpec Open = new()
    {
        Kind = "ials",
        Parameters = new Dictionary<string, double>(StringComparer.Ordinal) { ["factors"] = 64, ["epochs"] = 5 },
        Ranges = new Dictionary<string, ParameterRange>(StringComparer.Ordinal)
        {
            ["factors"] = new() { From = 8, To = 256, IsLogarithmic = true, IsWhole = true },
            ["regularisation"] = new() { Values = [0.1, 1, 10] },
        },
    };

    [Theory]
    [InlineData(18, 3, 3)]
    [InlineData(9, 3, 3)]
    [InlineData(8, 3, 2)]
    [InlineData(2, 2, 2)]
    [InlineData(2, 3, 1)]
    public void Rounds_AreAsManyAsHalvingsLeaveASetting(int trials, int halving, int rounds)
    {
        SearchPlan plan = new([Open], new SearchSpec { Trials = trials, Halving = halving }, seed: 1, count: 10_000, fewest: 200);

        Assert.Equal(rounds, plan.Rounds);
        Assert.Equal(trials, plan.CountOf(1));
        Assert.InRange(plan.CountOf(rounds), 1, halving);
        Assert.Equal(1, plan.ShareOf(rounds));
        Assert.All(
            Enumerable.Range(1, rounds), round => Assert.Equal(Math.Pow(halving, round - rounds), plan.ShareOf(round), 12));
    }

    [Fact]
    public void ShareOf_AFewUsers_IsEnoughToJudgeOn()
    {
        SearchPlan plan = new([Open], new SearchSpec(), seed: 1, count: 500, fewest: 200);

        Assert.Equal(0.4, plan.ShareOf(1), 12);
        Assert.Equal(0.4, plan.ShareOf(2), 12);
        Assert.Equal(1, plan.ShareOf(3));
    }

    [Fact]
    public void First_TakesWhatIsFixedOnce_AndDrawsTheRestWithinTheirRangesWithoutDoubles()
    {
        SearchPlan plan = new([Fixed, Open], new SearchSpec { Trials = 40 }, seed: 3, count: 1000, fewest: 200);

        Assert.Equal(40, plan.First.Count);
        Assert.Equal("popular", Assert.Single(plan.First, static each => each.Choice.Kind == "popular").Choice.Kind);
        Assert.Equal(40, plan.First.Select(static each => SearchPlan.TextOf(each.Choice)).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(40, plan.First.Select(static each => each.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(plan.First.Skip(1), static each =>
        {
            Assert.InRange(each.Choice.Parameters["factors"], 8, 256);
            Assert.Equal(Math.Round(each.Choice.Parameters["factors"]), each.Choice.Parameters["factors"]);
            Assert.Contains(each.Choice.Parameters["regularisation"], (double[])[0.1, 1, 10]);
            Assert.Equal(5, each.Choice.Parameters["epochs"]);
        });

        // By logarithm, half of the draws lie below the geometric mean of 45; evenly it would be one in seven.
        Assert.InRange(plan.First.Skip(1).Count(static each => each.Choice.Parameters["factors"] < 45), 10, 29);
    }

    [Fact]
    public void First_OfMoreTrials_BeginsWithThoseOfFewer()
    {
        SearchPlan few = new([Open], new SearchSpec { Trials = 6 }, seed: 9, count: 1000, fewest: 200);
        SearchPlan many = new([Open], new SearchSpec { Trials = 30 }, seed: 9, count: 1000, fewest: 200);

        Assert.Equal(
            few.First.Select(static each => SearchPlan.TextOf(each.Choice)),
            many.First.Take(6).Select(static each => SearchPlan.TextOf(each.Choice)), StringComparer.Ordinal);
    }

    [Fact]
    public void First_WhereRangesHoldFewerSettingsThanTrials_TriesThoseThatThereAre()
    {
        ModelChoiceSpec three = Open with
        {
            Ranges = new Dictionary<string, ParameterRange>(StringComparer.Ordinal)
            {
                ["regularisation"] = new() { Values = [0.1, 1, 10] },
            },
        };

        Assert.Equal(3, new SearchPlan([three], new SearchSpec { Trials = 30 }, seed: 2, count: 1000, fewest: 200).First.Count);
    }
}
