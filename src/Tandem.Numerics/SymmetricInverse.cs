namespace Tandem.Numerics;

/// <summary>The inverse of a symmetric positive definite matrix.</summary>
public static class SymmetricInverse
{
    private const int Block = 128;

    /// <summary>Inverts a matrix in place, by Gauss-Jordan elimination in blocks of 128.</summary>
    /// <param name="matrix">Symmetric and positive definite, shape (n, n); receives its inverse.</param>
    /// <param name="threadCount">Threads at most, ≥ 1.</param>
    /// <param name="progress">Receives the finished share, or null.</param>
    /// <param name="cancellationToken">Stops between blocks; the matrix is then of no use.</param>
    /// <returns>False where it is not positive definite, as far as float32 can tell; it is then of no use.</returns>
    /// <exception cref="ArgumentException">It is not square.</exception>
    /// <remarks>2·n³ operations, nearly all of them a <see cref="MatrixProduct"/>, and 256·n floats of work space. Without
    /// pivots: for matrices whose diagonal carries weight, such as a Gram matrix plus a ridge. The same bytes for any thread
    /// count.</remarks>
    public static bool Invert(
        Matrix matrix, int threadCount, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        int size = matrix.RowCount;
        if (matrix.ColumnCount != size)
        {
            throw new ArgumentException($"A matrix of {size} × {matrix.ColumnCount} is not square.", nameof(matrix));
        }

        for (int first = 0; first < size; first += Block)
        {
            int count = Math.Min(Block, size - first);
            if (InverseOf(matrix, first, count) is not { } pivot)
            {
                return false;
            }

            // With P the pivot's inverse: rows of the block become P·row, all others lose what the block explains.
            Matrix block = new(count, size);
            Matrix rows = new(count, size);
            Matrix others = new(size, count);
            TakeOut(matrix, first, block, others);
            MatrixProduct.Multiply(pivot, block, rows, threadCount, cancellationToken);
            for (int row = 0; row < count; row++)
            {
                pivot.Row(row).CopyTo(rows.Row(row)[first..]);
            }

            MatrixProduct.Add(others, rows, matrix, threadCount, cancellationToken);
            for (int row = 0; row < count; row++)
            {
                rows.Row(row).CopyTo(matrix.Row(first + row));
            }

            progress?.Report((double)(first + count) / size);
        }

        return true;
    }

    /// <summary>Takes the block's rows and, negated, its columns out of a matrix, and leaves zeros in the columns.</summary>
    private static void TakeOut(Matrix matrix, int first, Matrix block, Matrix others)
    {
        int count = block.RowCount;
        for (int row = 0; row < matrix.RowCount; row++)
        {
            Span<float> values = matrix.Row(row);
            if (row >= first && row < first + count)
            {
                values.CopyTo(block.Row(row - first));
                continue;
            }

            Span<float> columns = values.Slice(first, count);
            columns.CopyTo(others.Row(row));
            Kernel.Scale(-1, others.Row(row));
            columns.Clear();
        }
    }

    /// <summary>Inverts a diagonal block in float64; null where it is not positive definite.</summary>
    private static Matrix? InverseOf(Matrix matrix, int first, int count)
    {
        double[][] rows = new double[count][];
        for (int row = 0; row < count; row++)
        {
            rows[row] = Array.ConvertAll(
                matrix.Row(first + row).Slice(first, count).ToArray(), static value => (double)value);
        }

        for (int at = 0; at < count; at++)
        {
            double pivot = rows[at][at];
            if (!(pivot > 0 && double.IsFinite(pivot)))
            {
                return null;
            }

            rows[at][at] = 1;
            Divide(rows[at], pivot);
            for (int row = 0; row < count; row++)
            {
                if (row != at)
                {
                    double factor = rows[row][at];
                    rows[row][at] = 0;
                    Subtract(factor, rows[at], rows[row]);
                }
            }
        }

        Matrix inverse = new(count, count);
        for (int row = 0; row < count; row++)
        {
            for (int column = 0; column < count; column++)
            {
                inverse.Row(row)[column] = (float)rows[row][column];
            }
        }

        return inverse;
    }

    private static void Divide(double[] row, double by)
    {
        for (int i = 0; i < row.Length; i++)
        {
            row[i] /= by;
        }
    }

    private static void Subtract(double factor, double[] row, double[] from)
    {
        for (int i = 0; i < row.Length; i++)
        {
            from[i] -= factor * row[i];
        }
    }
}
