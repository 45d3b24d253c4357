namespace Tandem.Learning.Tests.Popularity;

public sealed class PopularModelTests : ItemScorerConformance
{
    protected override string KindName => "popular";

    [Fact]
    public void ScoreItems_OrdersByCount()
    {
        IItemScorer model = Fit(SmallWorld.From(itemCount: 4, [2, 1], [2, 3], [2, 3]));

        float[] scores = SmallWorld.Score(model, new ItemQuery { User = -1 });

        Assert.Equal([0f, 1 / 6f, 3 / 6f, 2 / 6f], scores);
    }
}
