namespace Tandem.Numerics;

/// <summary>A sparse float32 matrix in compressed rows (CSR): where each row begins, and the column and value of each
/// entry. Columns within a row are in any order, each at most once where <see cref="Merge"/> made it.</summary>
public sealed class SparseRows
{
    private const int RowsPerChunk = 256;

    /// <summary>Wraps arrays; they are not copied.</summary>
    /// <param name="columnCount">Number of columns, ≥ 0.</param>
    /// <param name="starts">First entry of each row, length rows + 1, from 0 to the entry count, never falling.</param>
    /// <param name="columns">Column of each entry.</param>
    /// <param name="values">Value of each entry, length as <paramref name="columns"/>.</param>
    /// <exception cref="ArgumentException">The arrays do not fit together.</exception>
    public SparseRows(int columnCount, int[] starts, int[] columns, float[] values)
    {
        if (starts.Length == 0 || starts[0] != 0 || starts[^1] != columns.Length || columns.Length != values.Length)
        {
            throw new ArgumentException(
                $"Row starts end at {(starts.Length == 0 ? 0 : starts[^1])}, with {columns.Length} columns and " +
                $"{values.Length} values; they must agree.",
                nameof(starts));
        }

        for (int row = 1; row < starts.Length; row++)
        {
            if (starts[row] < starts[row - 1])
            {
                throw new ArgumentException($"Row {row} starts before row {row - 1}.", nameof(starts));
            }
        }

        if (columns.AsSpan().ContainsAnyExceptInRange(0, columnCount - 1))
        {
            throw new ArgumentException($"A column lies outside 0 to {columnCount - 1}.", nameof(columns));
        }

        ColumnCount = columnCount;
        Starts = starts;
        Columns = columns;
        Values = values;
    }

    /// <summary>Number of rows.</summary>
    public int RowCount => Starts.Length - 1;

    /// <summary>Number of columns.</summary>
    public int ColumnCount { get; }

    /// <summary>First entry of each row, length <see cref="RowCount"/> + 1.</summary>
    public int[] Starts { get; }

    /// <summary>Column of each entry.</summary>
    public int[] Columns { get; }

    /// <summary>Value of each entry.</summary>
    public float[] Values { get; }

    /// <summary>Number of entries of one row.</summary>
    /// <param name="row">Row index.</param>
    public int CountOf(int row) => Starts[row + 1] - Starts[row];

    /// <summary>Columns of one row.</summary>
    /// <param name="row">Row index.</param>
    public ReadOnlySpan<int> ColumnsOf(int row) => Columns.AsSpan(Starts[row], CountOf(row));

    /// <summary>Values of one row, in the order of its columns.</summary>
    /// <param name="row">Row index.</param>
    public ReadOnlySpan<float> ValuesOf(int row) => Values.AsSpan(Starts[row], CountOf(row));

    /// <summary>Turns columns into rows. Within a new row, entries are in order of the old row, then as they
    /// stood.</summary>
    public SparseRows Transpose()
    {
        int[] starts = new int[ColumnCount + 1];
        foreach (int column in Columns)
        {
            starts[column + 1]++;
        }

        for (int column = 0; column < ColumnCount; column++)
        {
            starts[column + 1] += starts[column];
        }

        int[] next = starts.AsSpan(0, ColumnCount).ToArray();
        int[] columns = new int[Columns.Length];
        float[] values = new float[Columns.Length];
        for (int row = 0; row < RowCount; row++)
        {
            for (int entry = Starts[row]; entry < Starts[row + 1]; entry++)
            {
                int place = next[Columns[entry]]++;
                columns[place] = row;
                values[place] = Values[entry];
            }
        }

        return new SparseRows(RowCount, starts, columns, values);
    }

    /// <summary>Multiplies by a dense matrix: row r of the result is Σ value · (row of the dense matrix that the entry's
    /// column names).</summary>
    /// <param name="dense">Dense matrix, shape (columns, n).</param>
    /// <param name="result">Receives the product, shape (rows, n).</param>
    /// <param name="threadCount">Threads at most, ≥ 1.</param>
    /// <param name="cancellationToken">Stops between chunks of rows.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <remarks>O(entries·n). The same bytes for any thread count.</remarks>
    public void Multiply(Matrix dense, Matrix result, int threadCount, CancellationToken cancellationToken)
    {
        if (dense.RowCount != ColumnCount || result.RowCount != RowCount || result.ColumnCount != dense.ColumnCount)
        {
            throw new ArgumentException(
                $"{RowCount} × {ColumnCount} times {dense.RowCount} × {dense.ColumnCount} does not give " +
                $"{result.RowCount} × {result.ColumnCount}.",
                nameof(result));
        }

        ParallelChunks.Run(
            RowCount,
            RowsPerChunk,
            threadCount,
            static () => 0,
            (_, _, start, end) =>
            {
                for (int row = start; row < end; row++)
                {
                    Kernel.SumRows(dense, ColumnsOf(row), ValuesOf(row), result.Row(row));
                }
            },
            cancellationToken);
    }

    /// <summary>Adds up entries of the same row and column. Columns stay in order of their first entry.</summary>
    /// <remarks>O(rows + entries).</remarks>
    public SparseRows Merge()
    {
        int[] seenAt = new int[ColumnCount];
        Array.Fill(seenAt, -1);
        int[] starts = new int[RowCount + 1];
        int[] columns = new int[Columns.Length];
        float[] values = new float[Columns.Length];
        int count = 0;
        for (int row = 0; row < RowCount; row++)
        {
            int first = count;
            for (int entry = Starts[row]; entry < Starts[row + 1]; entry++)
            {
                int column = Columns[entry];
                if (seenAt[column] >= first)
                {
                    values[seenAt[column]] += Values[entry];
                    continue;
                }

                seenAt[column] = count;
                columns[count] = column;
                values[count++] = Values[entry];
            }

            starts[row + 1] = count;
        }

        return new SparseRows(ColumnCount, starts, columns[..count], values[..count]);
    }
}
