using Tandem.Testing;

namespace Tandem.Numerics.Tests;

public sealed class NormalEquationsTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 3)]
    [InlineData(7, 20)]
    [InlineData(31, 64)]
    [InlineData(32, 65)]
    [InlineData(33, 10)]
    [InlineData(64, 200)]
    [InlineData(100, 130)]
    [InlineData(128, 129)]
    public void Solve_LeavesNoResidual(int size, int rowCount)
    {
        Matrix start = RandomGram(size, stream: 1);
        Matrix rows = new(rowCount, size, KernelTests.Draw(rowCount * size, stream: 2));
        SeededRandom random = new(seed: 3);
        NormalEquations equations = new(size);
        double[] right = new double[size];
        double[][] left = Start(start, scale: 0.25, ridge: 2);

        equations.Reset(start, scale: 0.25f, ridge: 2);
        for (int row = 0; row < rowCount; row++)
        {
            float weight = 0.1f + random.NextSingle();
            equations.Add(rows.Row(row), weight);
            AddRow(left, right, rows.Row(row), weight);
        }

        float[] found = new float[size];
        Assert.True(equations.Solve(found));

        double scale = 1 + right.Max(Math.Abs);
        for (int i = 0; i < size; i++)
        {
            double residual = -right[i];
            for (int j = 0; j < size; j++)
            {
                residual += left[i][j] * found[j];
            }

            // Float32 elimination of a well-conditioned system.
            Assert.True(Math.Abs(residual) < 1e-3 * scale, $"size {size}, unknown {i}: residual {residual}");
        }
    }

    [Fact]
    public void Solve_AfterAnotherProblem_GivesTheSameBits()
    {
        Matrix start = RandomGram(40, stream: 4);
        float[] x = KernelTests.Draw(40, stream: 5);
        float[] first = new float[40];
        float[] second = new float[40];
        NormalEquations equations = new(40);

        SolveOne(equations, start, x, first);
        equations.Reset(start, scale: 3, ridge: 7);
        equations.Add(KernelTests.Draw(40, stream: 6), weight: 9);
        SolveOne(equations, start, x, second);

        Assert.Equal(first, second);
    }

    [Fact]
    public void Solve_OfAnIndefiniteProblem_SaysSo()
    {
        NormalEquations equations = new(3);
        float[] found = [1, 1, 1];

        equations.Reset(new Matrix(3, 3, [1, 0, 0, 0, -1, 0, 0, 0, 1]), scale: 1, ridge: 0);

        Assert.False(equations.Solve(found));
        Assert.Equal([0, 0, 0], found);
    }

    [Fact]
    public void Solve_OfNaN_SaysSo()
    {
        NormalEquations equations = new(2);

        equations.Reset(new Matrix(2, 2, [1, 0, 0, float.NaN]), scale: 1, ridge: 1);

        Assert.False(equations.Solve(new float[2]));
    }

    [Fact]
    public void Solve_AfterConstruction_AllocatesNothing()
    {
        Matrix start = RandomGram(33, stream: 7);
        float[] x = KernelTests.Draw(33, stream: 8);
        float[] found = new float[33];
        NormalEquations equations = new(33);
        SolveOne(equations, start, x, found);

        Assert.Equal(0, Allocations.Least(() => SolveOne(equations, start, x, found)));
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 1)]
    [InlineData(3000, 20)]
    [InlineData(70, 33)]
    public void Gram_AgreesWithItsTwin_AndIsTheSameForAnyThreadCount(int rowCount, int size)
    {
        Matrix matrix = new(rowCount, size, KernelTests.Draw(rowCount * size, stream: 9));

        Matrix one = SymmetricSum.Gram(matrix, threadCount: 1, CancellationToken.None);
        Matrix two = SymmetricSum.Gram(matrix, threadCount: 2, CancellationToken.None);

        Assert.Equal(one.Values, two.Values);
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                double expected = 0;
                for (int row = 0; row < rowCount; row++)
                {
                    expected += (double)matrix.Row(row)[i] * matrix.Row(row)[j];
                }

                // Float32 sums of up to 3000 terms below 1.
                Assert.Equal(expected, one.Row(i)[j], 1e-3);
            }
        }
    }

    [Fact]
    public void Reset_OfAnotherShape_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new NormalEquations(3).Reset(new Matrix(2, 2), 1, 1));
        Assert.Throws<ArgumentException>(() => new NormalEquations(3).Add(new float[2], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NormalEquations(0));
        Assert.Throws<ArgumentException>(() => new SymmetricSum(3).AddTo(new Matrix(2, 2)));
    }

    private static void SolveOne(NormalEquations equations, Matrix start, float[] x, float[] found)
    {
        equations.Reset(start, scale: 1, ridge: 0.5f);
        equations.Add(x, weight: 2);
        _ = equations.Solve(found);
    }

    private static Matrix RandomGram(int size, ulong stream) => SymmetricSum.Gram(
        new Matrix(2 * size, size, KernelTests.Draw(2 * size * size, stream)), threadCount: 1, CancellationToken.None);

    private static double[][] Start(Matrix start, double scale, double ridge)
    {
        double[][] a = new double[start.RowCount][];
        for (int i = 0; i < a.Length; i++)
        {
            a[i] = [.. start.Row(i).ToArray().Select(value => scale * value)];
            a[i][i] += ridge;
        }

        return a;
    }

    private static void AddRow(double[][] left, double[] right, ReadOnlySpan<float> x, double weight)
    {
        for (int i = 0; i < right.Length; i++)
        {
            right[i] += weight * x[i];
            for (int j = 0; j < right.Length; j++)
            {
                left[i][j] += weight * x[i] * x[j];
            }
        }
    }
}
