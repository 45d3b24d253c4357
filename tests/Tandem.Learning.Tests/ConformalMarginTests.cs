using Tandem.Numerics;

namespace Tandem.Learning.Tests;

public sealed class ConformalMarginTests
{
    [Fact]
    public void Of_AFewNumbers_TakesTheErrorOfTheFiniteSampleRank()
    {
        RowScores scores = new()
        {
            Target = new RowTarget(RowTargetKind.Number),
            Values = [0, 0, 0, 0],
            Labels = [1, -2, 3, 4],
        };

        // Ranks ⌈5 · level⌉ of the errors 1, 2, 3, 4.
        Assert.Equal(1, ConformalMargin.Of(scores, 0.2).Margin);
        Assert.Equal(3, ConformalMargin.Of(scores, 0.6).Margin);
        Assert.Equal(4, ConformalMargin.Of(scores, 0.61).Margin);
        Assert.Equal(double.PositiveInfinity, ConformalMargin.Of(scores, 0.9).Margin);
        Assert.Equal((7.0, 13.0), ConformalMargin.Of(scores, 0.6).Around(10, 10));
        Assert.Throws<ArgumentException>(() => ConformalMargin.Of(scores with { Target = RowTarget.Binary, Labels = [1, 0, 1, 0] }, 0.5));
    }

    [Theory]
    [InlineData(RowTargetKind.Number)]
    [InlineData(RowTargetKind.Quantile)]
    public void Of_RowsOfAnySpread_HoldsTheShareOfNewRows(RowTargetKind kind)
    {
        const int Draws = 200;
        const double Level = 0.8;
        double sum = 0;
        for (ulong seed = 0; seed < Draws; seed++)
        {
            var margin = ConformalMargin.Of(Make(kind, seed, 49), Level);
            RowScores fresh = Make(kind, seed + 10_000, 200);
            int width = fresh.Target.OutputCount;
            int held = 0;
            for (int row = 0; row < fresh.Count; row++)
            {
                (double low, double high) = margin.Around(fresh.Values[row * width], fresh.Values[(row * width) + width - 1]);
                held += fresh.Labels[row] >= low && fresh.Labels[row] <= high ? 1 : 0;
            }

            sum += held / (double)fresh.Count;
        }

        // Of 49 rows the rank is exactly 40 of 50: the mean is 0.8, here within four standard errors of 200 draws.
        Assert.InRange(sum / Draws, Level - 0.02, Level + 0.02);
    }

    /// <summary>Noise as wide as the feature is far from zero; the quantiles of the model are half as far apart as they should
    /// be.</summary>
    private static RowScores Make(RowTargetKind kind, ulong seed, int count)
    {
        SeededRandom random = new(seed);
        float[] labels = new float[count];
        int width = kind == RowTargetKind.Number ? 1 : 2;
        float[] values = new float[count * width];
        for (int row = 0; row < count; row++)
        {
            double x = random.NextGaussian();
            double spread = 0.2 + Math.Abs(x);
            labels[row] = (float)(x + (spread * random.NextGaussian()));
            for (int i = 0; i < width; i++)
            {
                values[(row * width) + i] = (float)(x + (width == 1 ? 0 : (i - 0.5) * 1.28 * spread));
            }
        }

        return new RowScores
        {
            Target = new RowTarget(kind) { Quantiles = width == 2 ? [0.1, 0.9] : [] },
            Values = values,
            Labels = labels,
        };
    }
}
