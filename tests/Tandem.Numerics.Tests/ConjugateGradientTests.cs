namespace Tandem.Numerics.Tests;

public sealed class ConjugateGradientTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 3)]
    [InlineData(7, 20)]
    [InlineData(33, 10)]
    [InlineData(64, 3)]
    [InlineData(64, 143)]
    [InlineData(100, 130)]
    [InlineData(64, 2500)]
    public void Improve_WithManySteps_ReachesWhatEliminationFinds(int size, int count)
    {
        (Matrix gram, Matrix rows, int[] chosen, float[] weights) = Problem(size, count, seed: (ulong)(size + count));
        float[] found = KernelTests.Draw(size, stream: 9);
        float[] exact = new float[size];
        NormalEquations equations = new(size);
        equations.Reset(gram, scale: 0.25f, ridge: 2);
        equations.Add(rows, chosen, weights);
        Assert.True(equations.Solve(exact));

        Assert.True(new ConjugateGradient(size).Improve(gram, 0.25f, 2, rows, chosen, weights, steps: 100, found));

        // Float32 on both sides of a well-conditioned system.
        double scale = exact.Max(Math.Abs) + 1e-3;
        Assert.All(Enumerable.Range(0, size), i => Assert.InRange(found[i] - exact[i], -2e-3 * scale, 2e-3 * scale));
    }

    [Fact]
    public void Improve_StepByStep_NeverRaisesTheLoss()
    {
        (Matrix gram, Matrix rows, int[] chosen, float[] weights) = Problem(size: 48, count: 90, seed: 5);
        double last = double.PositiveInfinity;
        for (int steps = 1; steps <= 8; steps++)
        {
            float[] found = new float[48];

            Assert.True(new ConjugateGradient(48).Improve(gram, 0.25f, 2, rows, chosen, weights, steps, found));

            double loss = Loss(gram, 0.25, 2, rows, chosen, weights, found);
            Assert.True(loss <= last + (1e-6 * Math.Abs(last)), $"{steps} steps: {loss} after {last}");
            last = loss;
        }
    }

    [Fact]
    public void Improve_AfterAnotherProblem_GivesTheSameBits()
    {
        (Matrix gram, Matrix rows, int[] chosen, float[] weights) = Problem(size: 64, count: 50, seed: 6);
        ConjugateGradient used = new(64);
        float[] first = new float[64];
        float[] second = new float[64];
        used.Improve(gram, 0.25f, 2, rows, [.. chosen.Reverse()], weights, steps: 2, new float[64]);

        new ConjugateGradient(64).Improve(gram, 0.25f, 2, rows, chosen, weights, steps: 3, first);
        used.Improve(gram, 0.25f, 2, rows, chosen, weights, steps: 3, second);

        Assert.Equal(first, second);
    }

    [Fact]
    public void Improve_OfNumbersThatOverflow_SaysSo()
    {
        Matrix rows = new(1, 2, [1e30f, 1e30f]);
        float[] found = [1, 1];

        Assert.False(new ConjugateGradient(2).Improve(new Matrix(2, 2), 1, 1, rows, [0], [1e30f], steps: 3, found));
        Assert.Equal([0, 0], found);
    }

    [Fact]
    public void Improve_WithARowThatIsNotThere_IsRefused() =>
        Assert.Throws<ArgumentException>(() =>
            new ConjugateGradient(2).Improve(new Matrix(2, 2), 1, 1, new Matrix(3, 2), [3], [1], 1, new float[2]));

    [Theory]
    [InlineData(16)]
    [InlineData(48)]
    [InlineData(64)]
    [InlineData(80)]
    public void AddProjections_OfAnyNumberOfRows_AgreesWithFloat64(int n)
    {
        for (int count = 0; count <= 70; count++)
        {
            float[] rows = KernelTests.Draw(count * (n + 16), stream: 1);
            float[] weights = KernelTests.Draw(count, stream: 2);
            float[] x = KernelTests.Draw(n, stream: 3);
            float[] y = KernelTests.Draw(n, stream: 4);
            double[] expected = [.. y];
            double size = 1;
            for (int k = 0; k < count; k++)
            {
                double dot = 0;
                for (int i = 0; i < n; i++)
                {
                    dot += (double)rows[(k * (n + 16)) + i] * x[i];
                }

                for (int i = 0; i < n; i++)
                {
                    expected[i] += weights[k] * (0.5 - dot) * rows[(k * (n + 16)) + i];
                    size = Math.Max(size, Math.Abs(expected[i]));
                }
            }

            Kernel.AddProjections(ref rows.AsSpan().GetPinnableReference(), n + 16, weights, 0.5f, ref x[0], ref y[0], n);

            // Rounding of n products and as many sums, times the rows.
            double bound = 1e-6 * n * size;
            Assert.All(Enumerable.Range(0, n), i => Assert.InRange(y[i] - expected[i], -bound, bound));
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(64)]
    [InlineData(100)]
    public void Add_OfManyRowsAtOnce_GivesTheBitsOfOneByOne(int size)
    {
        (Matrix gram, Matrix rows, int[] chosen, float[] weights) = Problem(size, count: 150, seed: 8);
        weights[3] = 1;
        float[] together = new float[size];
        float[] apart = new float[size];
        NormalEquations equations = new(size);

        equations.Reset(gram, 1, 1);
        equations.Add(rows, chosen, weights);
        Assert.True(equations.Solve(together));
        equations.Reset(gram, 1, 1);
        for (int i = 0; i < chosen.Length; i++)
        {
            equations.Add(rows.Row(chosen[i]), weights[i]);
        }

        Assert.True(equations.Solve(apart));
        Assert.Equal(apart, together);
    }

    private static (Matrix Gram, Matrix Rows, int[] Chosen, float[] Weights) Problem(int size, int count, ulong seed)
    {
        SeededRandom random = new(seed);
        Matrix rows = new(200, size, KernelTests.Draw(200 * size, stream: seed));
        int[] chosen = new int[count];
        float[] weights = new float[count];
        for (int i = 0; i < count; i++)
        {
            chosen[i] = random.NextInt(200);
            weights[i] = 0.1f + random.NextSingle();
        }

        return (SymmetricSum.Gram(rows, 1, CancellationToken.None), rows, chosen, weights);
    }

    /// <summary>½ sᵀA·s − bᵀs, which the solution makes least.</summary>
    private static double Loss(
        Matrix gram, double scale, double ridge, Matrix rows, int[] chosen, float[] weights, float[] s)
    {
        double loss = 0;
        for (int i = 0; i < s.Length; i++)
        {
            loss += 0.5 * ridge * s[i] * s[i];
            for (int j = 0; j < s.Length; j++)
            {
                loss += 0.5 * scale * gram.Row(i)[j] * s[i] * s[j];
            }
        }

        for (int k = 0; k < chosen.Length; k++)
        {
            double dot = 0;
            for (int i = 0; i < s.Length; i++)
            {
                dot += (double)rows.Row(chosen[k])[i] * s[i];
            }

            loss += weights[k] * ((0.5 * dot * dot) - dot);
        }

        return loss;
    }
}
