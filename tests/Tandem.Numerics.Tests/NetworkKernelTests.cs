namespace Tandem.Numerics.Tests;

/// <summary>The kernels of networks against scalar float64 twins, over all lengths that meet a vector's edge.</summary>
public sealed class NetworkKernelTests
{
    private const int LongestLength = 70;

    private delegate void Forward(ReadOnlySpan<float> x, Span<float> y);

    private delegate void Backward(ReadOnlySpan<float> x, Span<float> gradient);

    [Fact]
    public void ExpSum_AtAnyLength_AgreesWithItsTwin()
    {
        for (int length = 0; length <= LongestLength; length++)
        {
            float[] x = [.. KernelTests.Draw(length, stream: 21).Select(static value => 30 * value)];
            float[] powers = [.. x];

            float sum = Kernel.ExpSum(powers, shift: 2.5f);

            double expected = 0;
            for (int i = 0; i < length; i++)
            {
                double power = Math.Exp((double)(x[i] - 2.5f));
                expected += power;

                // The polynomial and its rounding: 5e-7 of the value.
                Assert.Equal(power, powers[i], 5e-7 * power);
            }

            Assert.Equal(expected, sum, 1e-5 * (expected + 1));
        }
    }

    [Fact]
    public void ExpSum_FarOut_NeitherOverflowsNorBecomesNegative()
    {
        float[] x = new float[40];
        Array.Fill(x, float.NegativeInfinity);
        x[3] = -1e6f;
        x[39] = 1e6f;

        float sum = Kernel.ExpSum(x, shift: 0);

        Assert.InRange(x[0], 0, 1e-32f);
        Assert.InRange(x[3], 0, 1e-32f);
        Assert.True(float.IsFinite(sum) && sum > 1e37f);
    }

    [Fact]
    public void ExpSum_OfNaNAnywhere_IsNaN()
    {
        for (int place = 0; place < 40; place++)
        {
            float[] x = new float[40];
            x[place] = float.NaN;

            Assert.True(float.IsNaN(Kernel.ExpSum(x, shift: 0)), $"at {place}");
        }
    }

    [Fact]
    public void Activations_AtAnyLength_AgreeWithTheirTwins()
    {
        AssertFunction(Kernel.Relu, Kernel.ReluBackward, static x => Math.Max(x, 0));
        AssertFunction(Kernel.Sigmoid, Kernel.SigmoidBackward, static x => 1 / (1 + Math.Exp(-x)));
        AssertFunction(Kernel.Tanh, Kernel.TanhBackward, Math.Tanh);
        AssertFunction(
            Kernel.Gelu, Kernel.GeluBackward,
            static x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))));
    }

    [Fact]
    public void MultiplyInto_AndScaleAndShift_AtAnyLength_AgreeWithTheirTwins()
    {
        for (int length = 0; length <= LongestLength; length++)
        {
            float[] x = KernelTests.Draw(length, stream: 23);
            float[] y = KernelTests.Draw(length, stream: 24);
            float[] product = [.. y];
            float[] moved = [.. y];

            Kernel.MultiplyInto(x, product);
            Kernel.ScaleAndShift(2, 3, moved);

            for (int i = 0; i < length; i++)
            {
                Assert.Equal((double)x[i] * y[i], product[i], 1e-6);
                Assert.Equal((2.0 * y[i]) + 3, moved[i], 1e-6);
            }
        }

        Assert.Throws<ArgumentException>(() => Kernel.MultiplyInto(new float[2], new float[3]));
    }

    [Fact]
    public void Steps_AtAnyLength_AgreeWithTheirTwins()
    {
        for (int length = 0; length <= LongestLength; length++)
        {
            float[] gradient = KernelTests.Draw(length, stream: 25);
            float[] start = KernelTests.Draw(length, stream: 26);
            float[] mean = KernelTests.Draw(length, stream: 27);
            float[] square = [.. KernelTests.Draw(length, stream: 28).Select(static value => value * value)];
            float[] adagrad = [.. start];
            float[] sums = [.. square];
            float[] adam = [.. start];
            float[] newMean = [.. mean];
            float[] newSquare = [.. square];

            Kernel.AdagradStep(gradient, sums, 0.1f, 1e-3f, adagrad);
            Kernel.AdamStep(gradient, newMean, newSquare, (0.1f, 0.01f), 0.1f, 1e-3f, adam);

            for (int i = 0; i < length; i++)
            {
                double g = gradient[i];
                double sum = square[i] + (g * g);
                double m = mean[i] + (0.1f * (g - mean[i]));
                double v = square[i] + (0.01f * ((g * g) - square[i]));
                Assert.Equal(sum, sums[i], 1e-6 * (1 + sum));
                Assert.Equal(start[i] - (0.1f * g / (Math.Sqrt(sum) + 1e-3f)), adagrad[i], 1e-5);
                Assert.Equal(m, newMean[i], 1e-6);
                Assert.Equal(v, newSquare[i], 1e-6);

                // Where v is near 0 the quotient magnifies its rounding.
                double step = 0.1f * m / (Math.Sqrt(v) + 1e-3f);
                Assert.Equal(start[i] - step, adam[i], 1e-5 * (1 + Math.Abs(step)));
            }
        }
    }

    private static void AssertFunction(Forward forward, Backward backward, Func<double, double> twin)
    {
        for (int length = 0; length <= LongestLength; length++)
        {
            float[] x = [.. KernelTests.Draw(length, stream: 22).Select(static value => 4 * value)];
            float[] value = new float[length];
            float[] gradient = new float[length];
            Array.Fill(gradient, 2f);

            forward(x, value);
            backward(x, gradient);

            for (int i = 0; i < length; i++)
            {
                const double Step = 1e-5;
                double slope = (twin(x[i] + Step) - twin(x[i] - Step)) / (2 * Step);
                Assert.Equal(twin(x[i]), value[i], 2e-6);
                Assert.Equal(2 * slope, gradient[i], 5e-6);
            }
        }

        Assert.Throws<ArgumentException>(() => forward(new float[2], new float[3]));
        Assert.Throws<ArgumentException>(() => backward(new float[2], new float[3]));
    }
}
