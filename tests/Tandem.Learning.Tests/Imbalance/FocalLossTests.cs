using Tandem.Learning.Imbalance;

namespace Tandem.Learning.Tests.Imbalance;

public sealed class FocalLossTests
{
    private static readonly double[] Scores = [-40, -8, -2.5, -0.3, 0, 0.7, 3, 9, 40];

    [Theory]
    [InlineData(0.5)]
    [InlineData(2)]
    [InlineData(5)]
    public void SlopeAndCurvature_EqualFiniteDifferences(double gamma)
    {
        // Central differences: the error is of the order of step² · third derivative.
        const double Step = 1e-5;
        foreach (double score in Scores)
        {
            double slope = (FocalLoss.Loss(score + Step, gamma) - FocalLoss.Loss(score - Step, gamma)) / (2 * Step);
            double curvature = (FocalLoss.Slope(score + Step, gamma) - FocalLoss.Slope(score - Step, gamma)) / (2 * Step);

            Assert.Equal(slope, FocalLoss.Slope(score, gamma), 1e-7);
            Assert.Equal(curvature, FocalLoss.Curvature(score, gamma), 1e-7);
        }
    }

    [Fact]
    public void Loss_WithoutGamma_IsTheLogLoss() => Assert.All(Scores, static score =>
    {
        Assert.Equal(LogOdds.LossOf(score, isPositive: true), FocalLoss.Loss(score, 0), 1e-5);
        Assert.Equal(score, FocalLoss.LogOdds(score, 0), 1e-12);
    });

    // The least point of p·L(s) + (1 − p)·L(−s), searched by thirds, stands for p.
    [Theory]
    [InlineData(0.5, 0.01)]
    [InlineData(2, 0.01)]
    [InlineData(2, 0.3)]
    [InlineData(2, 0.5)]
    [InlineData(3, 0.99)]
    public void LogOdds_OfTheLeastPoint_IsTheProbability(double gamma, double probability)
    {
        double low = -30;
        double high = 30;
        for (int step = 0; step < 200; step++)
        {
            double third = (high - low) / 3;
            if (Risk(low + third) < Risk(high - third))
            {
                high -= third;
            }
            else
            {
                low += third;
            }
        }

        double logOdds = FocalLoss.LogOdds((low + high) / 2, gamma);

        // The valley is flat: the search finds its floor to about the root of float64's precision.
        Assert.Equal(probability, 1 / (1 + Math.Exp(-logOdds)), 1e-6);

        double Risk(double score) =>
            (probability * FocalLoss.Loss(score, gamma)) + ((1 - probability) * FocalLoss.Loss(-score, gamma));
    }

    [Fact]
    public void LogOdds_RisesWithTheScoreAndStaysFinite()
    {
        double[] found = [.. Enumerable.Range(-2000, 4001).Select(static i => FocalLoss.LogOdds(i / 2.0, 2))];

        Assert.All(found, static logOdds => Assert.True(double.IsFinite(logOdds)));
        Assert.Equal([.. found.Order()], found);
        Assert.Equal(found.Length, found.Distinct().Count());
    }
}
