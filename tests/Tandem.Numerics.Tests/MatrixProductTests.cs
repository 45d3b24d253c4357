using System.Runtime.Intrinsics;

namespace Tandem.Numerics.Tests;

public sealed class MatrixProductTests
{
    /// <summary>A tile as one instruction set computes it.</summary>
    private delegate void Tile(
        ref float left, nint leftStride, nint leftStep, ref float right, int depth, ref float target,
        nint targetStride, bool isFirst);

    [Theory]
    [InlineData(0, 3, 5)]
    [InlineData(1, 1, 1)]
    [InlineData(12, 1, 32)]
    [InlineData(13, 70, 33)]
    [InlineData(11, 256, 31)]
    [InlineData(25, 257, 64)]
    [InlineData(200, 600, 47)]
    public void Multiply_AgreesWithItsTwin_AndIsTheSameForAnyThreadCount(int rowCount, int inner, int columnCount)
    {
        Matrix left = new(rowCount, inner, KernelTests.Draw(rowCount * inner, stream: 1));
        Matrix right = new(inner, columnCount, KernelTests.Draw(inner * columnCount, stream: 2));
        Matrix one = new(rowCount, columnCount);
        Matrix two = new(rowCount, columnCount);
        Array.Fill(one.Values, float.NaN);

        MatrixProduct.Multiply(left, right, one, threadCount: 1, CancellationToken.None);
        MatrixProduct.Multiply(left, right, two, threadCount: 2, CancellationToken.None);

        Assert.Equal(one.Values, two.Values);
        for (int row = 0; row < rowCount; row++)
        {
            for (int column = 0; column < columnCount; column++)
            {
                double expected = 0;
                double size = 0;
                for (int i = 0; i < inner; i++)
                {
                    double term = (double)left.Row(row)[i] * right.Row(i)[column];
                    expected += term;
                    size += Math.Abs(term);
                }

                Assert.Equal(expected, one.Row(row)[column], 1e-6 * (1 + size));
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(70)]
    public void Tiles_OfAllInstructionSets_AgreeToTheLastBit(int depth)
    {
        const int Stride = 77;
        float[] left = KernelTests.Draw(ProductTile.Rows * Stride, stream: 3);
        float[] right = KernelTests.Draw((depth + 1) * ProductTile.Columns, stream: 4);
        foreach (bool isFirst in new[] { true, false })
        {
            float[] expected = Run(ProductTile.TileScalar, 6, 16);
            if (Vector256.IsHardwareAccelerated)
            {
                Assert.Equal(expected, Run(ProductTile.Tile256, 6, 16));
            }

            if (Vector512.IsHardwareAccelerated)
            {
                Assert.Equal(expected, Run(ProductTile.Tile512, ProductTile.Rows, ProductTile.Columns));
                Assert.Equal(expected, Run(ProductTile.Four512, ProductTile.FewRows, ProductTile.Columns));
            }

            float[] Run(Tile tile, int height, int width)
            {
                float[] target = KernelTests.Draw(ProductTile.Rows * Stride, stream: 5);
                for (int row = 0; row < ProductTile.Rows; row += height)
                {
                    for (int column = 0; column < ProductTile.Columns; column += width)
                    {
                        tile(
                            ref left[row * Stride], Stride, 1, ref right[column], depth,
                            ref target[(row * Stride) + column], Stride, isFirst);
                    }
                }

                return target;
            }
        }
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(13, 70, 33)]
    [InlineData(25, 257, 64)]
    [InlineData(7, 5, 7)]
    public void Multiply_OfPartsAndTransposes_IsTheProductOfTheirCopies(int rowCount, int inner, int columnCount)
    {
        const int Gap = 3;
        Matrix left = new(rowCount, inner, KernelTests.Draw(rowCount * inner, stream: 1));
        Matrix right = new(inner, columnCount, KernelTests.Draw(inner * columnCount, stream: 2));
        Matrix expected = new(rowCount, columnCount);
        MatrixProduct.Multiply(left, right, expected, threadCount: 1, CancellationToken.None);
        int stride = columnCount + Gap;
        foreach ((bool turnsLeft, bool turnsRight) in ((bool, bool)[])[(false, false), (true, false), (false, true), (true, true)])
        {
            float[] result = new float[rowCount * stride];
            PackedMatrix packed = new();
            packed.Pack(View(right, turnsRight));

            MatrixProduct.Multiply(View(left, turnsLeft), View(right, turnsRight), result, stride);
            AssertEqual(expected, result, stride, times: 1);
            MatrixProduct.Add(View(left, turnsLeft), packed, result, stride);
            AssertEqual(expected, result, stride, times: 2);
        }

        // A copy with gaps between its rows, or the transpose of a transposed copy.
        static MatrixView View(Matrix matrix, bool turns)
        {
            int rows = turns ? matrix.ColumnCount : matrix.RowCount;
            int columns = turns ? matrix.RowCount : matrix.ColumnCount;
            float[] copy = new float[rows * (columns + Gap)];
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < columns; column++)
                {
                    copy[(row * (columns + Gap)) + column] = turns ? matrix.Row(column)[row] : matrix.Row(row)[column];
                }
            }

            MatrixView view = new(copy, rows, columns, columns + Gap);
            return turns ? view.Transposed : view;
        }

        static void AssertEqual(Matrix expected, float[] result, int stride, int times)
        {
            for (int row = 0; row < expected.RowCount; row++)
            {
                for (int column = 0; column < expected.ColumnCount; column++)
                {
                    Assert.Equal(times * expected.Row(row)[column], result[(row * stride) + column], 2e-5);
                }

                Assert.All(result.Skip((row * stride) + expected.ColumnCount).Take(Gap), gap => Assert.Equal(0, gap));
            }
        }
    }

    [Fact]
    public void Views_OfShapesThatDoNotFit_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => { _ = new MatrixView(new float[5], 2, 3); });
        Assert.Throws<ArgumentException>(() => { _ = new MatrixView(new float[9], 2, 3, 2); });
        Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply(
            new MatrixView(new float[6], 2, 3), new MatrixView(new float[6], 2, 3), new float[6]));
        Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply(
            new MatrixView(new float[6], 2, 3), new MatrixView(new float[6], 3, 2), new float[3]));
    }

    [Fact]
    public void Multiply_OfShapesThatDoNotFit_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply(
            new Matrix(2, 3), new Matrix(2, 3), new Matrix(2, 3), threadCount: 1, CancellationToken.None));
        Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply(
            new Matrix(2, 3), new Matrix(3, 4), new Matrix(2, 5), threadCount: 1, CancellationToken.None));
    }
}
