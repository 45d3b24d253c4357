using Tandem.Learning.Ftrl;
using Tandem.Learning.Inputs;
using Tandem.Testing;

namespace Tandem.Learning.Tests.Ftrl;

public sealed class FtrlLearnerTests
{
    private static readonly FtrlOptions Options = new()
    {
        Bits = 20,
        LearningRate = 0.2,
        Beta = 0.5,
        Sparsity = 0.01,
        Regularisation = 0.1,
    };

    [Fact]
    public void Learn_OneRowAfterAnother_EqualsThePaperInDoublePrecision()
    {
        LabelledRows rows = SmallRows.Make(seed: 31, count: 3000);
        using FtrlLearner learner = new(RowInputs.AsTheyAre(rows.DenseCount, rows.SparseCount), Options);
        float[] scores = new float[rows.Count];

        learner.Learn(rows.Features, rows.Labels, [], scores);

        (double[] expected, double loss) = Plain(rows);
        for (int row = 0; row < rows.Count; row++)
        {
            // Three thousand steps in float32, roundings of 6e-8 each on sums of the order of 10.
            Assert.True(Math.Abs(expected[row] - scores[row]) < 2e-3, $"row {row}: {expected[row]} {scores[row]}");
        }

        Assert.Equal(loss, learner.ProgressiveLoss, 1e-4);
        Assert.Equal(rows.Count, learner.Count);
        Assert.InRange(learner.ProgressiveLoss, 0.3, 0.65);
    }

    [Fact]
    public void Learn_RowByRow_EqualsAllAtOnce()
    {
        LabelledRows rows = SmallRows.Make(seed: 32, count: 700);
        float[] weights = [.. Enumerable.Range(0, rows.Count).Select(static row => 1f + (row % 3))];
        var inputs = RowInputs.AsTheyAre(rows.DenseCount, rows.SparseCount);
        using FtrlLearner whole = new(inputs, Options);
        using FtrlLearner pieces = new(inputs, Options);
        float[] scores = new float[rows.Count];
        float[] one = new float[1];
        whole.Learn(rows.Features, rows.Labels, weights, scores);

        for (int row = 0; row < rows.Count; row++)
        {
            LabelledRows single = rows.Take([row]);
            pieces.Score(single.Features, one);
            Assert.Equal(scores[row], one[0]);
            pieces.Learn(single.Features, single.Labels, [weights[row]], one);
            Assert.Equal(scores[row], one[0]);
        }

        Assert.Equal(whole.ProgressiveLoss, pieces.ProgressiveLoss);
        Assert.Equal(SmallWorld.Save(whole.ToModel()), SmallWorld.Save(pieces.ToModel()));
    }

    [Fact]
    public void ToModel_WhileLearningGoesOn_StaysAsItWas()
    {
        LabelledRows rows = SmallRows.Make(seed: 33);
        using FtrlLearner learner = new(RowInputs.AsTheyAre(rows.DenseCount, rows.SparseCount), Options);
        float[] scores = new float[rows.Count];
        learner.Learn(rows.Features, rows.Labels, [], scores);
        learner.Score(rows.Features, scores);

        FtrlModel model = learner.ToModel();
        float[] before = SmallRows.Score(model, rows);
        learner.Learn(rows.Features, rows.Labels, [], new float[rows.Count]);

        Assert.Equal(before, SmallRows.Score(model, rows));
        for (int row = 0; row < rows.Count; row++)
        {
            // The same weights summed in another order.
            Assert.Equal(scores[row], before[row], 1e-4f);
        }
    }

    [Fact]
    public void LearnAndScore_AfterTheFirstRows_AllocateNothing()
    {
        LabelledRows rows = SmallRows.Make(seed: 34, count: 600);
        using FtrlLearner learner = new(
            RowInputs.AsTheyAre(rows.DenseCount, rows.SparseCount),
            Options with { Crosses = FtrlOptions.AllPairs(4) });
        float[] scores = new float[rows.Count];
        learner.Learn(rows.Features, rows.Labels, [], scores);

        long allocated = Allocations.Least(() =>
        {
            learner.Learn(rows.Features, rows.Labels, [], scores);
            learner.Score(rows.Features, scores);
        });

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Learn_ByTheFocalLoss_MovesLessForWhatIsEasy()
    {
        LabelledRows rows = SmallRows.Make(seed: 35);
        var inputs = RowInputs.AsTheyAre(rows.DenseCount, rows.SparseCount);
        using FtrlLearner plain = new(inputs, Options);
        using FtrlLearner focal = new(inputs, Options with { FocalGamma = 2 });
        float[] scores = new float[rows.Count];
        float[] focused = new float[rows.Count];

        plain.Learn(rows.Features, rows.Labels, [], scores);
        focal.Learn(rows.Features, rows.Labels, [], focused);

        Assert.True(focused.Sum(MathF.Abs) < scores.Sum(MathF.Abs));
        RowScores judged = new() { Values = focused, Labels = rows.Labels };
        Assert.InRange(RowEvaluation.Measure(judged, "roc_auc"), 0.65, 1);
    }

    /// <summary>Algorithm 1 of the paper, every column a slot of its own.</summary>
    private static (double[] Scores, double Loss) Plain(LabelledRows rows)
    {
        int width = rows.DenseCount + rows.SparseCount + 1;
        double[] z = new double[width];
        double[] n = new double[width];
        double[] scores = new double[rows.Count];
        double loss = 0;
        for (int row = 0; row < rows.Count; row++)
        {
            double[] x = new double[width];
            rows.Dense.AsSpan(row * rows.DenseCount, rows.DenseCount).ToArray().Select(static value => (double)value)
                .ToArray().CopyTo(x, 0);
            for (int at = rows.Starts[row]; at < rows.Starts[row + 1]; at++)
            {
                x[rows.DenseCount + rows.Columns[at]] = rows.Values[at];
            }

            x[^1] = 1;
            double[] w = [.. z.Zip(n, static (a, b) => -Math.Sign(a) * Math.Max(Math.Abs(a) - Options.Sparsity, 0)
                / (((Options.Beta + Math.Sqrt(b)) / Options.LearningRate) + Options.Regularisation))];
            scores[row] = w.Zip(x, static (a, b) => a * b).Sum();
            double probability = 1 / (1 + Math.Exp(-scores[row]));
            loss -= Math.Log(rows.Labels[row] > 0 ? probability : 1 - probability);
            for (int i = 0; i < width; i++)
            {
                double g = (probability - rows.Labels[row]) * x[i];
                z[i] += g - ((Math.Sqrt(n[i] + (g * g)) - Math.Sqrt(n[i])) / Options.LearningRate * w[i]);
                n[i] += g * g;
            }
        }

        return (scores, loss / rows.Count);
    }
}
