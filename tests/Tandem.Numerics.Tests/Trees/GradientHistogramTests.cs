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
    public void Add_InEitherWidth_EqualsSumsOneByOne(int columns, int stride, int rows)
    {
        SeededRandom random = new(seed: (ulong)(columns + rows));
        byte[] bins = new byte[rows * 2 * stride];
        int[] narrow = new int[rows * 2];
        long[] wide = new long[rows * 2];
        long[] expected = new long[columns * 256];
        for (int i = 0; i < bins.Length; i++)
        {
            bins[i] = (byte)random.NextInt(256);
        }

        for (int i = 0; i < narrow.Length; i++)
        {
            // The greatest sizes, so that sums fill their bits.
            int first = random.NextInt(2) == 0 ? -31 : 31;
            int second = random.NextInt(2) == 0 ? 63 : 0;
            narrow[i] = GradientHistogram.PackNarrow(first, second);
            wide[i] = GradientHistogram.PackWide(first, (uint)second);
        }

        int[] some = [.. Enumerable.Range(0, rows * 2).Where(row => row % 2 == 1)];
        foreach (int row in some)
        {
            for (int column = 0; column < columns; column++)
            {
                expected[(column * 256) + bins[(row * stride) + column]] += wide[row];
            }
        }

        long[] ofNarrow = new long[columns * 256];
        long[] ofWide = new long[columns * 256];
        int[] carry = new int[columns * 256];
        GradientHistogram.Add(bins, stride, columns, some, narrow, carry, ofNarrow);
        GradientHistogram.Add(bins, stride, columns, some, wide, ofWide);

        Assert.Equal(expected, ofWide);
        Assert.Equal(expected, ofNarrow);
        Assert.All(carry, static left => Assert.Equal(0, left));
        GradientHistogram.Subtract(ofWide, expected);
        Assert.All(expected, static left => Assert.Equal(0, left));
        GradientHistogram.Merge(ofNarrow, expected);
        Assert.Equal(ofWide, expected);
    }

    /// <summary>1024 rows of the greatest second number in one bin are the most that 16 bits are asked to hold.</summary>
    [Theory]
    [InlineData(-31)]
    [InlineData(31)]
    public void Add_OfManyRowsInOneBin_LosesNothing(int first)
    {
        const int Rows = 4096;
        int[] gradients = [.. Enumerable.Repeat(GradientHistogram.PackNarrow(first, 63), Rows)];
        long[] sums = new long[256];

        GradientHistogram.Add(new byte[Rows * 8], 8, 1, [.. Enumerable.Range(0, Rows)], gradients, new int[256], sums);

        Assert.Equal(first * Rows, GradientHistogram.First(sums[0]));
        Assert.Equal(63u * Rows, GradientHistogram.Second(sums[0]));
    }

    [Fact]
    public void Pack_RoundsWithoutBias_TheSameForAnyPart()
    {
        const int Count = 40_003;
        float[] first = [.. Enumerable.Repeat(-0.37f, Count)];
        float[] second = [.. Enumerable.Repeat(0.21f, Count)];
        int[] packed = new int[Count];
        int[] parts = new int[Count];
        long[] wide = new long[Count];

        GradientPacking.Pack(first, second, 31, 63, 0, 5, packed);
        GradientPacking.Pack(first, second, 31, 63, 31, 0, 5, wide);
        for (int row = 0; row < Count; row += 7)
        {
            int count = Math.Min(7, Count - row);
            GradientPacking.Pack(
                first.AsSpan(row, count), second.AsSpan(row, count), 31, 63, row, 5, parts.AsSpan(row, count));
        }

        Assert.Equal(packed, parts);
        Assert.Equal(packed.Select(static each => each >> 16), wide.Select(GradientHistogram.First));

        // The rounding's deviation is below 0.5 a row: 0.0025 on the mean, of which this is four.
        Assert.Equal(-0.37 * 31, packed.Average(static each => each >> 16), 0.01);
        Assert.Equal(0.21 * 63, packed.Average(static each => each & 0xFFFF), 0.01);
    }

    [Fact]
    public void Measure_FindsGreatestAndSquares()
    {
        float[] values = [.. Enumerable.Range(0, 37).Select(static i => (float)Math.Sin(i) * (i == 21 ? -9 : 1))];

        double squares = GradientPacking.Measure(values, out float greatest);

        Assert.Equal(values.Max(MathF.Abs), greatest);
        Assert.Equal(values.Sum(static x => x * (double)x), squares, 1e-4);
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
