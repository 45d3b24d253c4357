namespace Tandem.Numerics.Tests;

public sealed class SymmetricInverseTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(300)]
    public void Invert_TimesTheMatrix_IsTheIdentity_ForAnyThreadCount(int size)
    {
        Matrix matrix = Draw(size);
        Matrix one = Copy(matrix);
        Matrix two = Copy(matrix);

        Assert.True(SymmetricInverse.Invert(one, threadCount: 1));
        Assert.True(SymmetricInverse.Invert(two, threadCount: 2));

        Assert.Equal(one.Values, two.Values);
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                double product = 0;
                for (int at = 0; at < size; at++)
                {
                    product += (double)matrix.Row(i)[at] * one.Row(at)[j];
                }

                Assert.Equal(i == j ? 1 : 0, product, 1e-4);
            }
        }
    }

    [Fact]
    public void Invert_OfWhatIsNotPositiveDefinite_SaysSo()
    {
        Assert.False(SymmetricInverse.Invert(new Matrix(2, 2, [1, 2, 2, 1]), threadCount: 1));
        Assert.False(SymmetricInverse.Invert(new Matrix(1, 1, [float.NaN]), threadCount: 1));
        Assert.Throws<ArgumentException>(() => SymmetricInverse.Invert(new Matrix(2, 3), threadCount: 1));
    }

    private static Matrix Draw(int size)
    {
        Matrix gram = SymmetricSum.Gram(
            new Matrix(2 * size, size, KernelTests.Draw(2 * size * size, stream: 1)), threadCount: 1, CancellationToken.None);
        for (int i = 0; i < size; i++)
        {
            gram.Row(i)[i] += 1;
        }

        return gram;
    }

    private static Matrix Copy(Matrix matrix) => new(matrix.RowCount, matrix.ColumnCount, [.. matrix.Values]);
}
