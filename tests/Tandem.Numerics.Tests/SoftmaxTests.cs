namespace Tandem.Numerics.Tests;

public sealed class SoftmaxTests
{
    [Fact]
    public void Exp_AtAnyLength_AgreesWithItsTwin()
    {
        for (int length = 0; length <= 70; length++)
        {
            float[] x = KernelTests.Draw(length, stream: 1);
            for (int i = 0; i < length; i++)
            {
                x[i] *= 80;
            }

            float[] y = new float[length];
            Kernel.Exp(x, y);

            for (int i = 0; i < length; i++)
            {
                // A rounding of the exponent's 80 and seven of the series.
                double expected = Math.Exp(x[i]);
                Assert.InRange(y[i] / expected, 1 - 1e-6, 1 + 1e-6);
            }
        }
    }

    [Fact]
    public void Exp_BeyondItsRange_IsHeldToIt()
    {
        float[] x = [float.NegativeInfinity, -200, 200, float.PositiveInfinity, float.NaN, .. new float[40]];
        float[] y = new float[x.Length];

        foreach (int length in new[] { 5, x.Length })
        {
            Kernel.Exp(x.AsSpan(0, length), y.AsSpan(0, length));

            Assert.InRange(y[0], 0, 1e-37f);
            Assert.InRange(y[1], 0, 1e-37f);
            Assert.InRange(y[2], 1e38f, float.MaxValue);
            Assert.InRange(y[3], 1e38f, float.MaxValue);
            Assert.True(float.IsNaN(y[4]));
        }
    }

    [Fact]
    public void Softmax_AtAnyLength_AgreesWithItsTwin()
    {
        for (int length = 1; length <= 70; length++)
        {
            float[] x = KernelTests.Draw(length, stream: 2);
            float[] shift = KernelTests.Draw(length, stream: 3);
            if (length > 3)
            {
                x[1] = float.NegativeInfinity;
                shift[2] = float.PositiveInfinity;
            }

            float[] shares = [.. x];
            float logSum = Kernel.Softmax(20, shift, shares);

            double[] exponents = [.. x.Zip(shift, static (value, by) => Math.Exp((20.0 * value) - by))];
            Assert.Equal(Math.Log(exponents.Sum()), logSum, 1e-5);
            for (int i = 0; i < length; i++)
            {
                Assert.Equal(exponents[i] / exponents.Sum(), shares[i], 2e-6);
            }
        }
    }

    [Fact]
    public void Softmax_OfNothingOrOfUnequalLengths_FollowsItsRule()
    {
        Assert.Equal(float.NegativeInfinity, Kernel.Softmax(1, [], []));
        Assert.Throws<ArgumentException>(() => Kernel.Softmax(1, new float[2], new float[3]));
        float[] none = [float.NegativeInfinity, float.NegativeInfinity];
        _ = Kernel.Softmax(1, new float[2], none);
        Assert.All(none, static share => Assert.True(float.IsNaN(share)));
    }
}
