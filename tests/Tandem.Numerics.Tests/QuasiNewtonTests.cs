namespace Tandem.Numerics.Tests;

public sealed class QuasiNewtonTests
{
    [Fact]
    public void Minimise_OfAQuadratic_FindsItsSolution()
    {
        const int Length = 40;
        SeededRandom random = new(seed: 5);
        double[] solution = [.. Enumerable.Range(0, Length).Select(_ => random.NextGaussian())];
        double[] scales = [.. Enumerable.Range(0, Length).Select(i => Math.Pow(1.3, i % 12))];
        double[] point = new double[Length];

        (double value, int iterations) = QuasiNewton.Minimise(
            (at, gradient) =>
            {
                double sum = 0;
                for (int i = 0; i < Length; i++)
                {
                    double away = at[i] - solution[i];
                    gradient[i] = scales[i] * away;
                    sum += scales[i] * away * away / 2;
                }

                return sum;
            },
            point, maximumIterations: 500, tolerance: 1e-9);

        Assert.InRange(iterations, 2, 100);
        Assert.True(value < 1e-15);
        for (int i = 0; i < Length; i++)
        {
            Assert.Equal(solution[i], point[i], 1e-8);
        }
    }

    [Fact]
    public void Minimise_OfRosenbrocksValley_ReachesTheBottom()
    {
        double[] point = [-1.2, 1];

        _ = QuasiNewton.Minimise(
            (at, gradient) =>
            {
                double bend = at[1] - (at[0] * at[0]);
                gradient[0] = (-400 * at[0] * bend) - (2 * (1 - at[0]));
                gradient[1] = 200 * bend;
                return (100 * bend * bend) + ((1 - at[0]) * (1 - at[0]));
            },
            point, maximumIterations: 1000, tolerance: 1e-10);

        Assert.Equal(1, point[0], 1e-8);
        Assert.Equal(1, point[1], 1e-8);
    }

    [Fact]
    public void Minimise_AtTheLeastPoint_TakesNoStep()
    {
        double[] point = [0];

        (double value, int iterations) = QuasiNewton.Minimise(
            (at, gradient) =>
            {
                gradient[0] = 2 * at[0];
                return at[0] * at[0];
            },
            point, maximumIterations: 10, tolerance: 1e-12);

        Assert.Equal(0, value);
        Assert.Equal(0, iterations);
    }
}
