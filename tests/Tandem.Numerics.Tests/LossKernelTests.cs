namespace Tandem.Numerics.Tests;

public sealed class LossKernelTests
{
    [Fact]
    public void LogLossGradients_OfAnyLength_EqualTheFormula()
    {
        for (int n = 0; n <= 70; n++)
        {
            SeededRandom random = new((ulong)n);
            float[] scores = [.. Enumerable.Range(0, n).Select(_ => (float)(4 * random.NextGaussian()))];
            float[] labels = [.. Enumerable.Range(0, n).Select(_ => (float)random.NextInt(2))];
            float[] weights = [.. Enumerable.Range(0, n).Select(_ => 0.5f + random.NextSingle())];
            float[] first = new float[n];
            float[] second = new float[n];

            Kernel.LogLossGradients(scores, labels, weights, first, second);

            for (int i = 0; i < n; i++)
            {
                double p = 1 / (1 + Math.Exp(-scores[i]));
                Assert.Equal(weights[i] * (p - labels[i]), first[i], 1e-6);
                Assert.Equal(weights[i] * p * (1 - p), second[i], 1e-6);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void PairGradients_OfAnyLength_EqualTheFormula(bool isWeighted)
    {
        for (int n = 2; n <= 40; n++)
        {
            SeededRandom random = new((ulong)n);
            float[] scores = [.. Enumerable.Range(0, n).Select(_ => (float)random.NextGaussian()).OrderDescending()];
            float[] gains = [.. Enumerable.Range(0, n).Select(_ => (float)Math.Pow(2, random.NextInt(4)) - 1)];
            float[] discounts = [.. Enumerable.Range(0, n).Select(static i => (float)(1 / Math.Log2(i + 2)))];
            double[] first = new double[n];
            double[] second = new double[n];
            double expected = 0;
            float[] g = new float[n];
            float[] h = new float[n];
            double sum = 0;
            for (int top = 0; top < n - 1; top++)
            {
                sum += Kernel.PairGradients(top, scores, gains, isWeighted ? discounts : [], 0.7f, g, h);
                for (int i = top + 1; i < n; i++)
                {
                    if (gains[top] == gains[i])
                    {
                        continue;
                    }

                    (int better, int worse) = gains[top] > gains[i] ? (top, i) : (i, top);
                    double weight = isWeighted
                        ? 0.7 * (gains[better] - gains[worse]) * (discounts[top] - discounts[i])
                            / (0.01 + Math.Abs(scores[top] - (double)scores[i]))
                        : 1;
                    double p = 1 / (1 + Math.Exp(scores[better] - (double)scores[worse]));
                    first[better] -= weight * p;
                    first[worse] += weight * p;
                    second[better] += weight * p * (1 - p);
                    second[worse] += weight * p * (1 - p);
                    expected += 2 * weight * p;
                }
            }

            for (int i = 0; i < n; i++)
            {
                Assert.Equal(first[i], g[i], 1e-3 * Math.Max(1, expected / n));
                Assert.Equal(second[i], h[i], 1e-3 * Math.Max(1, expected / n));
            }

            Assert.Equal(expected, sum, 1e-4 * Math.Max(1, expected));
        }
    }
}
