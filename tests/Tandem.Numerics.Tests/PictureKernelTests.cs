namespace Tandem.Numerics.Tests;

/// <summary>The kernels of pictures, place by place with channels side by side, against scalar float64 twins.</summary>
public sealed class PictureKernelTests
{
    private const int MostChannels = 70;

    // Sums of up to 5 products of size 1, and one multiply-add.
    private const double Tolerance = 2e-6;

    [Fact]
    public void Columns_OfAnyWidth_AgreeWithTheirTwins()
    {
        for (int width = 1; width <= MostChannels; width++)
        {
            foreach (int rows in (int[])[0, 1, 5])
            {
                float[] x = KernelTests.Draw(rows * width, stream: 51);
                float[] y = KernelTests.Draw(rows * width, stream: 52);
                float[] a = KernelTests.Draw(width, stream: 53);
                float[] b = KernelTests.Draw(width, stream: 54);
                float[] sums = [.. a];
                float[] products = [.. b];
                float[] moved = new float[x.Length];

                Kernel.AddColumns(x, sums);
                Kernel.AddColumnProducts(x, y, products);
                Kernel.ScaleAndShiftColumns(a, x, b, moved);

                for (int column = 0; column < width; column++)
                {
                    int[] places = [.. Enumerable.Range(0, rows).Select(row => (row * width) + column)];
                    Assert.Equal(a[column] + places.Sum(at => (double)x[at]), sums[column], Tolerance);
                    Assert.Equal(b[column] + places.Sum(at => (double)x[at] * y[at]), products[column], Tolerance);
                    Assert.All(
                        places, at => Assert.Equal(((double)a[column] * x[at]) + b[column], moved[at], Tolerance));
                }
            }
        }
    }

    [Fact]
    public void Pooling_OfAnyChannels_TakesTheLargest_AndSendsItsGradientThere()
    {
        for (int channels = 1; channels <= MostChannels; channels++)
        {
            const int Places = 3;
            float[] upper = KernelTests.Draw(2 * Places * channels, stream: 55);
            float[] lower = KernelTests.Draw(2 * Places * channels, stream: 56);
            float[] gradient = KernelTests.Draw(Places * channels, stream: 57);
            float[] pooled = new float[gradient.Length];
            float[] upperGradient = new float[upper.Length];
            float[] lowerGradient = new float[lower.Length];
            Array.Fill(upperGradient, float.NaN);
            Array.Fill(lowerGradient, float.NaN);

            Kernel.PoolRows(upper, lower, channels, pooled);
            Kernel.PoolRowsBackward(upper, lower, channels, gradient, upperGradient, lowerGradient);

            for (int at = 0; at < pooled.Length; at++)
            {
                int left = (at / channels * 2 * channels) + (at % channels);
                int right = left + channels;
                float[] square = [upper[left], upper[right], lower[left], lower[right]];
                float[] slopes = [upperGradient[left], upperGradient[right], lowerGradient[left], lowerGradient[right]];
                Assert.Equal(square.Max(), pooled[at]);
                Assert.Equal([.. square.Select(value => value == pooled[at] ? gradient[at] : 0)], slopes);
            }
        }
    }

    [Fact]
    public void Kernels_OfLengthsThatDoNotFit_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => Kernel.AddColumns(new float[7], new float[3]));
        Assert.Throws<ArgumentException>(() => Kernel.AddColumnProducts(new float[6], new float[3], new float[3]));
        Assert.Throws<ArgumentException>(() => Kernel.ScaleAndShiftColumns(new float[3], new float[6], new float[2], new float[6]));
        Assert.Throws<ArgumentException>(() => Kernel.PoolRows(new float[11], new float[12], 3, new float[6]));
        Assert.Throws<ArgumentException>(() => Kernel.PoolRows(new float[12], new float[12], 4, new float[6]));
    }
}
