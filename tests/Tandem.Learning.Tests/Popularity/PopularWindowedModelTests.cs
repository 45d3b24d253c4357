using Tandem.Faults;

namespace Tandem.Learning.Tests.Popularity;

public sealed class PopularWindowedModelTests : ItemScorerConformance
{
    protected override string KindName => "popular_windowed";

    [Fact]
    public void ScoreItems_WithAWindow_ForgetsOlderRowsButForTies()
    {
        Interactions rows = SmallWorld.From(itemCount: 4, [0, 0, 0, 1, 1, 2]) with { AgeDays = [90, 80, 70, 60, 50, 1] };

        float[] scores = SmallWorld.Score(FitWith(rows, ("window_days", 7)), new ItemQuery { User = -1 });

        Assert.Equal([2, 0, 1, 3], Order(scores));
    }

    [Fact]
    public void ScoreItems_WithAHalfLife_HalvesWeights()
    {
        Interactions rows = SmallWorld.From(itemCount: 2, [0, 0, 0, 1]) with { AgeDays = [20, 20, 20, 0] };

        float[] scores = SmallWorld.Score(
            FitWith(rows, ("window_days", 0), ("half_life_days", 10)), new ItemQuery { User = -1 });

        Assert.Equal(0.75 / 1.75, scores[0], 5);
        Assert.Equal(1 / 1.75, scores[1], 5);
    }

    [Fact]
    public void Fit_WithoutTimes_IsACodedFault()
    {
        TandemException fault = Assert.Throws<TandemException>(() => Fit(SmallWorld.From(itemCount: 2, [0, 1])));

        Assert.Equal("LRN004", fault.Fault.Code);
    }

    private static IItemScorer FitWith(Interactions rows, params (string Name, double Value)[] values) =>
        ModelCatalogue.Default.Find("popular_windowed").Fit(
            rows,
            values.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal),
            new FitContext(),
            CancellationToken.None);

    private static int[] Order(float[] scores) =>
        [.. Enumerable.Range(0, scores.Length).OrderByDescending(item => scores[item]).ThenBy(item => item)];
}
