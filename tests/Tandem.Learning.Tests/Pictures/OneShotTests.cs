using Tandem.Learning.Pictures;
using Tandem.Numerics;

namespace Tandem.Learning.Tests.Pictures;

public sealed class OneShotTests
{
    [Fact]
    public void ErrorRate_CountsWhatIsNotNearest_AndTies()
    {
        Matrix known = new(3, 2, [1, 0, 0, 1, 0.6f, 0.8f]);
        Matrix asked = new(4, 2, [1, 0.1f, 0.1f, 1, 0.6f, 0.8f, 0, 0]);

        Assert.Equal(0.25, new OneShotRun(known, asked, [0, 1, 2, 0]).ErrorRate());
        Assert.Equal(0.75, new OneShotRun(known, asked, [0, 2, 1, 0]).ErrorRate());
    }

    [Fact]
    public void Judge_IsTheMeanOfRuns_WithAnIntervalAroundIt()
    {
        Matrix known = new(2, 2, [1, 0, 0, 1]);
        OneShotRun right = new(known, known, [0, 1]);
        OneShotRun wrong = new(known, known, [1, 1]);

        ModelEvaluation found = OneShot.Judge("model", [right, right, wrong, right], seed: 1, seconds: 2);

        Assert.Equal(12.5, found.Metrics[OneShot.Metric]);
        Assert.Equal(0, found.Intervals[OneShot.Metric][0]);
        Assert.InRange(found.Intervals[OneShot.Metric][1], 25, 50);
    }

    [Fact]
    public void Draw_AsksForAnotherPictureOfEachClass()
    {
        Matrix embeddings = new(8, 1, [0, 1, 2, 3, 4, 5, 6, 7]);

        IReadOnlyList<OneShotRun> runs = OneShot.Draw(embeddings, [0, 0, 0, 1, 1, 2, 3, 3], ways: 20, count: 50, seed: 3);

        Assert.Equal(50, runs.Count);
        Assert.All(runs, run =>
        {
            Assert.Equal([0, 1, 2], run.Answers);
            int[] classes = [.. run.Known.Values.Select(ClassOf)];
            Assert.Equal(classes, run.Asked.Values.Select(ClassOf));
            Assert.Equal([0, 1, 3], classes.Order());
            Assert.All(Enumerable.Range(0, 3), way => Assert.NotEqual(run.Known.Values[way], run.Asked.Values[way]));
        });
        Assert.Empty(OneShot.Draw(embeddings, [0, 0, 1, 2, 3, 4, 5, 6], ways: 20, count: 50, seed: 3));

        static int ClassOf(float picture) => picture < 3 ? 0 : picture < 5 ? 1 : picture < 6 ? 2 : 3;
    }
}
