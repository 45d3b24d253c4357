using Tandem.Learning.Networks;
using Tandem.Numerics;

namespace Tandem.Learning.Tests.Networks;

public sealed class OptimiserTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Update_FollowsItsRuleInDoublePrecision(int kind)
    {
        OptimiserOptions options = new() { Kind = (OptimiserKind)kind, WeightDecay = 0.02f };
        SeededRandom random = new(1);
        float[] x = new float[40];
        double[] twin = new double[40];
        double[] means = new double[40];
        double[] squares = new double[40];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (float)random.NextGaussian();
            twin[i] = x[i];
            squares[i] = kind == 1 ? options.InitialSum : 0;
        }

        Optimiser optimiser = new(options, x.Length);
        float[] gradient = new float[40];
        for (int step = 1; step <= 50; step++)
        {
            const double Rate = 0.05;
            optimiser.Begin(Rate);
            for (int i = 0; i < x.Length; i++)
            {
                gradient[i] = (float)(Math.Sin(i + step) + random.NextGaussian());
                twin[i] *= i < 30 ? 1 - (Rate * 0.02f) : 1;
                double g = gradient[i];
                means[i] += (1 - 0.9f) * (g - means[i]);
                squares[i] = kind == 1 ? squares[i] + (g * g) : squares[i] + ((1 - 0.999f) * ((g * g) - squares[i]));
                twin[i] -= kind switch
                {
                    0 => Rate * g,
                    1 => Rate * g / (Math.Sqrt(squares[i]) + 1e-8),
                    _ => Rate * means[i] / (1 - Math.Pow(0.9f, step))
                        / (Math.Sqrt(squares[i] / (1 - Math.Pow(0.999f, step))) + 1e-8),
                };
            }

            optimiser.Update(x, 0, gradient.AsSpan(0, 30), decays: true);
            optimiser.Update(x, 30, gradient.AsSpan(30), decays: false);
        }

        // Fifty steps, each rounded to float32.
        for (int i = 0; i < x.Length; i++)
        {
            Assert.Equal(twin[i], x[i], 2e-5);
        }
    }
}
