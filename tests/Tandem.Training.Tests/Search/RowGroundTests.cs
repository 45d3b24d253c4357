using Tandem.Learning;
using Tandem.Spec;
using Tandem.Training.Search;

namespace Tandem.Training.Tests.Search;

public sealed class RowGroundTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Judge_OfAShare_TakesOfEachClassItsShare_OrWholeGroups_AndNoRowOutsideTheFolds(bool hasGroups)
    {
        float[] labels = [.. Enumerable.Range(0, 400).Select(static row => row % 8 == 0 ? 1f : 0f)];
        int[] groups = hasGroups ? [.. Enumerable.Range(0, 400).Select(static row => row / 8)] : [];
        RowFold fold = new([.. Enumerable.Range(0, 192)], [.. Enumerable.Range(192, 96)]);
        List<RowFold> made = [];
        RowGround<RowFold> ground = new(
            "time", [fold], RowTarget.Binary, labels, groups,
            part =>
            {
                made.Add(part);
                return part;
            },
            (_, parts, _, _) => new RowScores { Values = new float[parts[0].Test.Length], Labels = [.. parts[0].Test.Select(row => labels[row])] })
        {
            Metric = "log_loss",
            Judging = new EvaluationOptions { BootstrapSamples = 0, Seed = 3 },
            Values = [],
        };

        foreach (double share in (double[])[0.25, 0.25, 0.5, 1])
        {
            ModelEvaluation evaluation = ground.Judge("a", new ModelChoiceSpec { Kind = "a" }, share, "", default);
            Assert.Equal(Math.Log(2), evaluation.Metrics["log_loss"], 6);
        }

        // Parts are made once a share.
        Assert.Equal([48, 96, 192], made.Select(static part => part.Train.Length));
        Assert.Equal([24, 48, 96], made.Select(static part => part.Test.Length));
        Assert.All(made, part => Assert.Equal(part.Train.Length, 8 * part.Train.Count(row => labels[row] > 0)));
        Assert.All(made, static part => Assert.Equal([.. part.Train.Order(), .. part.Test.Order()], [.. part.Train, .. part.Test]));
        Assert.Empty(made[0].Train.Except(made[1].Train));
        Assert.Empty(made[1].Train.Except(fold.Train));
        Assert.Empty(made[1].Test.Except(fold.Test));
        Assert.Equal(hasGroups, made[0].Train.GroupBy(static row => row / 8).All(static rows => rows.Count() == 8));
        Assert.Equal(("time", 288, true), (ground.Split, ground.Count, ground.LowerIsBetter));
    }
}
