using Tandem.Numerics.Trees;

namespace Tandem.Numerics.Tests.Trees;

public sealed class GradientHistogramTests
{
    [Theory]
    [InlineData(1, 8, 700)]
    [InlineData(5, 8, 3)]
    [InlineData(13, 16, 2600)]
    [InlineData(30, 32, 5000)]
    [InlineData(32, 32, 1024)]
    public void Add_EqualsSumsOneByOne(int columns, int stride, int rows)
    {
        SeededRandom random = new(seed: (ulong)(columns + rows));
        byte[] bins = new byte[rows * 2 * stride];
        long[] gradients = new long[rows * 2];
        long[] expected = new long[columns * 256];
        for (int i = 0; i < bins.Length; i++)
        {
            bins[i] = (byte)random.NextInt(256);
        }

        for (int i = 0; i < gradients.Length; i++)
        {
            gradients[i] = GradientHistogram.Pack(random.NextInt(2_000_001) - 1_000_000, (uint)random.NextInt(1_000_001));
        }

        int[] some = [.. Enumerable.Range(0, rows * 2).Where(row => row % 2 == 1)];
        foreach (int row in some)
        {
            for (int column = 0; column < columns; column++)
            {
                expected[(column * 256) + bins[(row * stride) + column]] += gradients[row];
            }
        }

        long[] sums = new long[columns * 256];
        GradientHistogram.Add(bins, stride, columns, some, gradients, sums);

        Assert.Equal(expected, sums);
        GradientHistogram.Subtract(sums, expected);
        Assert.All(expected, static left => Assert.Equal(0, left));
        GradientHistogram.Merge(sums, expected);
        Assert.Equal(sums, expected);
    }

    /// <summary>The greatest numbers that rows are given fill the 32 bits of each sum and no more.</summary>
    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Add_OfTheGreatestGradientsInOneBin_LosesNothing(int sign)
    {
        const int Rows = 4096;
        const int Most = int.MaxValue / Rows;
        long[] gradients = [.. Enumerable.Repeat(GradientHistogram.Pack(sign * Most, Most), Rows)];
        long[] sums = new long[256];

        GradientHistogram.Add(new byte[Rows * 8], 8, 1, [.. Enumerable.Range(0, Rows)], gradients, sums);

        Assert.Equal(sign * Most * Rows, GradientHistogram.First(sums[0]));
        Assert.Equal((uint)Most * Rows, GradientHistogram.Second(sums[0]));
    }

    [Fact]
    public void Pack_RoundsWithoutBias_TheSameForAnyPart()
    {
        const int Count = 40_003;
        float[] first = [.. Enumerable.Repeat(-0.37f, Count)];
        float[] second = [.. Enumerable.Repeat(0.21f, Count)];
        long[] packed = new long[Count];
        long[] parts = new long[Count];

        GradientPacking.Pack(first, second, 31, 63, 63, 0, 5, packed);
        for (int row = 0; row < Count; row += 7)
        {
            int count = Math.Min(7, Count - row);
            GradientPacking.Pack(
                first.AsSpan(row, count), second.AsSpan(row, count), 31, 63, 63, row, 5, parts.AsSpan(row, count));
        }

        Assert.Equal(packed, parts);

        // The rounding's deviation is below 0.5 a row: 0.0025 on the mean, of which this is four.
        Assert.Equal(-0.37 * 31, packed.Average(static each => GradientHistogram.First(each)), 0.01);
        Assert.Equal(0.21 * 63, packed.Average(static each => GradientHistogram.Second(each)), 0.01);
    }

    [Theory]
    [InlineData(-9f)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.NaN)]
    public void Greatest_FindsTheGreatestSize(float most)
    {
        for (int at = 0; at < 37; at++)
        {
            float[] values = [.. Enumerable.Range(0, 37).Select(i => i == at ? most : (float)Math.Sin(i))];
            Assert.Equal(MathF.Abs(most), GradientPacking.Greatest(values));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(1000)]
    public void Split_KeepsTheOrderOfBothSides(int count)
    {
        SeededRandom random = new(seed: (ulong)count);
        byte[] column = new byte[2000];
        byte[] goesLeft = new byte[256];
        for (int i = 0; i < column.Length; i++)
        {
            column[i] = (byte)random.NextInt(256);
            goesLeft[i % 256] = (byte)random.NextInt(2);
        }

        int[] rows = [.. Enumerable.Range(0, count).Select(static i => 2 * i)];
        int[] expectedLeft = [.. rows.Where(row => goesLeft[column[row]] == 1)];
        int[] expectedRight = [.. rows.Where(row => goesLeft[column[row]] == 0)];
        int[] right = new int[count];

        int lefts = RowPartition.Split(rows, column, goesLeft, right);

        Assert.Equal(expectedLeft, rows[..lefts]);
        Assert.Equal(expectedRight, right[..(count - lefts)]);
    }
}
