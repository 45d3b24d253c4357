namespace Tandem.Numerics.Tests;

public sealed class SparseRowsTests
{
    [Fact]
    public void Transpose_TurnsColumnsIntoRows()
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            SparseRows rows = Draw(seed);

            SparseRows turned = rows.Transpose();

            Assert.Equal((rows.ColumnCount, rows.RowCount), (turned.RowCount, turned.ColumnCount));
            double[][] expected = Dense(rows);
            double[][] found = Dense(turned);
            for (int row = 0; row < rows.RowCount; row++)
            {
                for (int column = 0; column < rows.ColumnCount; column++)
                {
                    Assert.True(expected[row][column] == found[column][row], $"seed {seed}");
                }
            }
        }
    }

    [Fact]
    public void Merge_AddsUpRepeatedEntries()
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            SparseRows rows = Draw(seed);

            SparseRows merged = rows.Merge();

            Assert.Equal(Dense(rows), Dense(merged));
            for (int row = 0; row < merged.RowCount; row++)
            {
                int[] columns = merged.ColumnsOf(row).ToArray();
                Assert.True(columns.Distinct().Count() == columns.Length, $"seed {seed}");
                Assert.True(columns.SequenceEqual(rows.ColumnsOf(row).ToArray().Distinct()), $"seed {seed}");
            }
        }
    }

    [Fact]
    public void Constructor_WithArraysThatDoNotFit_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new SparseRows(3, [], [], []));
        Assert.Throws<ArgumentException>(() => new SparseRows(3, [0, 2], [0], [1]));
        Assert.Throws<ArgumentException>(() => new SparseRows(3, [0, 1], [0], []));
        Assert.Throws<ArgumentException>(() => new SparseRows(3, [0, 2, 1], [0], [1]));
        Assert.Throws<ArgumentException>(() => new SparseRows(3, [0, 1], [3], [1]));
        Assert.Throws<ArgumentException>(() => new SparseRows(3, [0, 1], [-1], [1]));
        Assert.Throws<ArgumentException>(() => new SparseRows(3, [1, 1], [0], [1]));
    }

    private static SparseRows Draw(ulong seed)
    {
        SeededRandom random = new(seed);
        int rowCount = random.NextInt(12);
        int columnCount = 1 + random.NextInt(9);
        int[] starts = new int[rowCount + 1];
        List<int> columns = [];
        List<float> values = [];
        for (int row = 0; row < rowCount; row++)
        {
            for (int entry = random.NextInt(10); entry > 0; entry--)
            {
                columns.Add(random.NextInt(columnCount));
                values.Add(1 + random.NextInt(5));
            }

            starts[row + 1] = columns.Count;
        }

        return new SparseRows(columnCount, starts, [.. columns], [.. values]);
    }

    private static double[][] Dense(SparseRows rows)
    {
        double[][] dense = new double[rows.RowCount][];
        for (int row = 0; row < rows.RowCount; row++)
        {
            dense[row] = new double[rows.ColumnCount];
            for (int entry = 0; entry < rows.CountOf(row); entry++)
            {
                dense[row][rows.ColumnsOf(row)[entry]] += rows.ValuesOf(row)[entry];
            }
        }

        return dense;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    public void Multiply_ByADenseMatrix_AgreesWithItsTwin(int width)
    {
        SparseRows sparse = new(3, [0, 2, 2, 4], [0, 2, 1, 0], [2, 3, -1, 4]);
        Matrix dense = new(3, width, KernelTests.Draw(3 * width, stream: 1));
        Matrix found = new(3, width);
        Array.Fill(found.Values, float.NaN);

        sparse.Multiply(dense, found, threadCount: 2, CancellationToken.None);

        for (int column = 0; column < width; column++)
        {
            Assert.Equal((2 * dense.Row(0)[column]) + (3 * dense.Row(2)[column]), found.Row(0)[column], 1e-5);
            Assert.Equal(0, found.Row(1)[column]);
            Assert.Equal((4 * dense.Row(0)[column]) - dense.Row(1)[column], found.Row(2)[column], 1e-5);
        }

        Assert.Throws<ArgumentException>(
            () => sparse.Multiply(new Matrix(2, width), found, threadCount: 1, CancellationToken.None));
    }
}
