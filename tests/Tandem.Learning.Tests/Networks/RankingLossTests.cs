using Tandem.Learning.Networks;
using Tandem.Numerics;

namespace Tandem.Learning.Tests.Networks;

public sealed class RankingLossTests
{
    private static readonly int[] Starts = [0, 3, 3, 4, 9];

    private delegate double Loss(
        ReadOnlySpan<float> scores, ReadOnlySpan<float> gains, ReadOnlySpan<int> starts, Span<float> gradients);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void PairLosses_FollowTheirFormulas_AndHaveTheGradientOfTheirDifferences(bool isBpr)
    {
        SeededRandom random = new(1);
        float[] better = [.. GradientCheck.Rows(1, 12, ref random, scale: 3).Values];
        float[] worse = [.. GradientCheck.Rows(1, 12, ref random, scale: 3).Values];
        float[] betterGradients = new float[12];
        float[] worseGradients = new float[12];

        double Twin() => Enumerable.Range(0, 12).Average(pair => isBpr
            ? Math.Log(1 + Math.Exp((double)worse[pair] - better[pair]))
            : Math.Max(0, 1.0 - better[pair] + worse[pair]));

        double found = isBpr
            ? RankingLoss.Bpr(better, worse, betterGradients, worseGradients)
            : RankingLoss.Hinge(better, worse, margin: 1, betterGradients, worseGradients);

        Assert.Equal(Twin(), found, 1e-9);
        for (int i = 0; i < 12; i++)
        {
            int at = i;
            GradientCheck.AssertClose(
                GradientCheck.Slope(Twin, () => ref better[at]), betterGradients[i], 1e-5, $"better {i}");
            GradientCheck.AssertClose(GradientCheck.Slope(Twin, () => ref worse[at]), worseGradients[i], 1e-5, $"worse {i}");
        }
    }

    [Fact]
    public void Bpr_OfFarScores_StaysFinite()
    {
        float[] gradients = new float[2];

        Assert.Equal(1e6, RankingLoss.Bpr([-1e6f, 1e6f], [1e6f, -1e6f], gradients, new float[2]), 1);
        Assert.Equal([-0.5f, 0], gradients);
        Assert.Equal(0, RankingLoss.Bpr([], [], [], []));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ListLosses_FollowTheirFormulas_AndHaveTheGradientOfTheirDifferences(bool isSoft)
    {
        SeededRandom random = new(2);
        float[] scores = [.. GradientCheck.Rows(1, 9, ref random, scale: 2).Values];
        float[] gains = [2, 0, 1, 0, 0, 1, 0, 3, 1];
        float[] gradients = new float[9];
        Loss loss = isSoft ? RankingLoss.ListNet : RankingLoss.ListSoftmax;

        double Twin()
        {
            double total = 0;
            for (int list = 0; list + 1 < Starts.Length; list++)
            {
                int[] own = [.. Enumerable.Range(Starts[list], Starts[list + 1] - Starts[list])];
                double weight = own.Sum(i => isSoft ? Math.Exp(gains[i]) : gains[i]);
                double sum = own.Sum(i => Math.Exp(scores[i]));
                total -= weight == 0
                    ? 0
                    : own.Sum(i => (isSoft ? Math.Exp(gains[i]) : gains[i]) / weight * Math.Log(Math.Exp(scores[i]) / sum));
            }

            return total / (Starts.Length - 1);
        }

        double found = loss(scores, gains, Starts, gradients);

        Assert.Equal(Twin(), found, 1e-6);
        for (int i = 0; i < 9; i++)
        {
            int at = i;
            GradientCheck.AssertClose(GradientCheck.Slope(Twin, () => ref scores[at]), gradients[i], 1e-5, $"score {i}");
        }
    }
}
