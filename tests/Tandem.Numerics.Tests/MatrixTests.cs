namespace Tandem.Numerics.Tests;

public sealed class MatrixTests
{
    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 1)]
    [InlineData(5, 17)]
    [InlineData(9, 64)]
    [InlineData(31, 70)]
    public void Multiply_GivesTheDotProductOfEachRow(int rowCount, int columnCount)
    {
        Matrix matrix = new(rowCount, columnCount, KernelTests.Draw(rowCount * columnCount, stream: 1));
        float[] vector = KernelTests.Draw(columnCount, stream: 2);
        float[] found = new float[rowCount];

        matrix.Multiply(vector, found);

        for (int row = 0; row < rowCount; row++)
        {
            // To the last bit: rankings must not depend on how rows were grouped.
            Assert.Equal(Kernel.Dot(matrix.Row(row), vector), found[row]);
        }
    }

    [Fact]
    public void Constructor_WithAWrongLength_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new Matrix(2, 3, new float[5]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Matrix(-1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Matrix(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Matrix(int.MaxValue, 2));
    }

    [Fact]
    public void Multiply_WithAWrongLength_IsRefused()
    {
        Matrix matrix = new(2, 3);

        Assert.Throws<ArgumentException>(() => matrix.Multiply(new float[2], new float[2]));
        Assert.Throws<ArgumentException>(() => matrix.Multiply(new float[3], new float[3]));
    }
}
