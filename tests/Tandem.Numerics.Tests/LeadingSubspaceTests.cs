namespace Tandem.Numerics.Tests;

public sealed class LeadingSubspaceTests
{
    [Fact]
    public void Find_OfASmallMatrix_FindsTheExactDirections()
    {
        SparseRows matrix = Draw(rowCount: 300, columnCount: 120, perRow: 9);
        var exact = SymmetricEigen.Of(DenseGram(matrix));

        (Matrix vectors, double[] values) = LeadingSubspace.Find(matrix, 10, iterations: 30, seed: 1, threadCount: 2);

        for (int at = 0; at < 10; at++)
        {
            Assert.Equal(Math.Sqrt(exact.Values[at]), values[at], 1e-4 * values[0]);
            double cosine = Enumerable.Range(0, 120).Sum(i => exact.Vectors[at][i] * vectors.Row(i)[at]);
            Assert.Equal(1, Math.Abs(cosine), 1e-3);
        }
    }

    [Fact]
    public void Find_WithOneAndTwoThreads_GivesTheSameBytes()
    {
        SparseRows matrix = Draw(rowCount: 2000, columnCount: 700, perRow: 5);

        (Matrix one, double[] oneValues) = LeadingSubspace.Find(matrix, 40, 3, seed: 7, threadCount: 1);
        (Matrix two, double[] twoValues) = LeadingSubspace.Find(matrix, 40, 3, seed: 7, threadCount: 2);

        Assert.Equal(one.Values, two.Values);
        Assert.Equal(oneValues, twoValues);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(50)]
    public void Find_OfARankBelowTheCount_GivesZerosBeyondIt(int count)
    {
        // Two different rows: rank 2.
        SparseRows matrix = new(6, [0, 2, 4, 6], [0, 1, 2, 3, 0, 1], [1, 2, 3, 1, 2, 4]);

        (Matrix vectors, double[] values) = LeadingSubspace.Find(matrix, count, iterations: 4, seed: 1, threadCount: 1);

        Assert.Equal(Math.Min(count, 6), vectors.ColumnCount);
        Assert.Equal(5, values[0], 1e-4);
        Assert.Equal(Math.Sqrt(10), values[1], 1e-4);
        Assert.All(values.Skip(2), static value => Assert.Equal(0, value, 1e-3));
        Assert.DoesNotContain(vectors.Values, float.IsNaN);
    }

    private static SparseRows Draw(int rowCount, int columnCount, int perRow)
    {
        SeededRandom random = new(seed: 5);
        int[] starts = [.. Enumerable.Range(0, rowCount + 1).Select(row => row * perRow)];
        int[] columns = new int[rowCount * perRow];
        float[] values = new float[columns.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            // Popular columns first, so that singular values differ.
            columns[i] = (int)(columnCount * random.NextDouble() * random.NextDouble());
            values[i] = 0.5f + random.NextSingle();
        }

        return new SparseRows(columnCount, starts, columns, values).Merge();
    }

    private static Matrix DenseGram(SparseRows matrix)
    {
        Matrix dense = new(matrix.RowCount, matrix.ColumnCount);
        for (int row = 0; row < matrix.RowCount; row++)
        {
            for (int entry = matrix.Starts[row]; entry < matrix.Starts[row + 1]; entry++)
            {
                dense.Row(row)[matrix.Columns[entry]] = matrix.Values[entry];
            }
        }

        return SymmetricSum.Gram(dense, threadCount: 1, CancellationToken.None);
    }
}
