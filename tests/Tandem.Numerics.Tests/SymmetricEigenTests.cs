namespace Tandem.Numerics.Tests;

public sealed class SymmetricEigenTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(17)]
    [InlineData(70)]
    public void Of_AGramMatrix_GivesBackTheMatrix(int size)
    {
        // Half as many rows as columns, so that half of the eigenvalues are zero.
        int rows = (size + 1) / 2;
        Matrix gram = SymmetricSum.Gram(
            new Matrix(rows, size, KernelTests.Draw(rows * size, stream: 1)), threadCount: 1, CancellationToken.None);

        var found = SymmetricEigen.Of(gram);

        Assert.Equal(found.Values.OrderDescending(), found.Values);
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                double product = Sum(size, at => found.Values[at] * found.Vectors[at][i] * found.Vectors[at][j]);
                Assert.Equal(gram.Row(i)[j], product, 1e-5 * (1 + found.Values[0]));
                Assert.Equal(i == j ? 1 : 0, Sum(size, at => found.Vectors[i][at] * found.Vectors[j][at]), 1e-9);
            }
        }
    }

    [Fact]
    public void Of_ADiagonalMatrix_SortsIt()
    {
        var found = SymmetricEigen.Of(new Matrix(3, 3, [1, 0, 0, 0, 4, 0, 0, 0, 2]));

        Assert.Equal([4, 2, 1], found.Values);
        Assert.Equal([0, 1, 0], found.Vectors[0]);
    }

    [Fact]
    public void Of_WhatHasNoEigenvalues_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => SymmetricEigen.Of(new Matrix(2, 3)));
        Assert.Throws<ArgumentException>(() => SymmetricEigen.Of(new Matrix(1, 1, [float.NaN])));
    }

    private static double Sum(int count, Func<int, double> term) => Enumerable.Range(0, count).Sum(term);
}
