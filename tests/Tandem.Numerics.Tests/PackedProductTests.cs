namespace Tandem.Numerics.Tests;

public sealed class PackedProductTests
{
    [Theory]
    [InlineData(0, 3, 5)]
    [InlineData(1, 0, 2)]
    [InlineData(1, 1, 1)]
    [InlineData(12, 16, 32)]
    [InlineData(17, 70, 33)]
    [InlineData(28, 257, 64)]
    [InlineData(48, 64, 200)]
    [InlineData(60, 40, 64)]
    public void Multiply_UprightAndTransposed_AgreesWithItsTwin(int rows, int inner, int columns)
    {
        // Strides beyond the widths, so that what lies between rows is not touched.
        int resultStride = columns + 5;
        float[] left = KernelTests.Draw(rows * (inner + 3), stream: 1);
        float[] turned = Turned(left, rows, inner, inner + 3, rows + 2);
        float[] right = KernelTests.Draw(inner * (columns + 2), stream: 2);
        float[] packed = new float[PackedProduct.LengthOf(inner, columns)];
        float[] packedTurned = new float[packed.Length];
        PackedProduct.Pack(right, columns + 2, inner, columns, packed);
        PackedProduct.PackTransposed(
            Turned(right, inner, columns, columns + 2, inner + 1), inner + 1, inner, columns, packedTurned);
        ProductShape shape = new(rows, inner, columns);
        float[] before = KernelTests.Draw(rows * resultStride, stream: 3);

        foreach (bool adds in new[] { false, true })
        {
            float[] upright = [.. before];
            float[] transposed = [.. before];
            PackedProduct.Multiply(left, inner + 3, packed, upright, resultStride, shape, adds);
            PackedProduct.MultiplyTransposed(turned, rows + 2, packed, transposed, resultStride, shape, adds);

            Assert.Equal(packed, packedTurned);
            Assert.Equal(upright, transposed);
            for (int at = 0; at < before.Length; at++)
            {
                (int row, int column) = (at / resultStride, at % resultStride);
                double expected = adds || column >= columns ? before[at] : 0;
                for (int i = 0; i < inner && column < columns; i++)
                {
                    expected += (double)left[(row * (inner + 3)) + i] * right[(i * (columns + 2)) + column];
                }

                // Up to 257 roundings of terms below 1.
                Assert.Equal(expected, upright[at], 1e-4);
            }
        }
    }

    [Fact]
    public void Multiply_OfSpansThatAreTooShort_IsRefused()
    {
        ProductShape shape = new(3, 4, 5);
        float[] packed = new float[PackedProduct.LengthOf(4, 5)];

        Assert.Throws<ArgumentException>(() => PackedProduct.Multiply(new float[11], 4, packed, new float[15], 5, shape, false));
        Assert.Throws<ArgumentException>(() => PackedProduct.Multiply(new float[12], 4, packed.AsSpan(1), new float[15], 5, shape, false));
        Assert.Throws<ArgumentException>(() => PackedProduct.Multiply(new float[12], 4, packed, new float[14], 5, shape, false));
        Assert.Throws<ArgumentException>(() => PackedProduct.Multiply(new float[12], 4, packed, new float[15], 4, shape, false));
        Assert.Throws<ArgumentException>(
            () => PackedProduct.MultiplyTransposed(new float[11], 3, packed, new float[15], 5, shape, false));
    }

    private static float[] Turned(float[] values, int rows, int columns, int stride, int turnedStride)
    {
        float[] turned = new float[columns * turnedStride];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                turned[(column * turnedStride) + row] = values[(row * stride) + column];
            }
        }

        return turned;
    }
}
