using System.Buffers;

namespace Tandem.Numerics;

/// <summary>Products of dense matrices.</summary>
public static class MatrixProduct
{
    private const int RowsPerChunk = 8 * ProductTile.Rows;

    /// <summary>Computes C = A·B.</summary>
    /// <param name="left">A, shape (m, k).</param>
    /// <param name="right">B, shape (k, n).</param>
    /// <param name="result">Receives C, shape (m, n); may be neither A nor B.</param>
    /// <param name="threadCount">Threads at most, ≥ 1.</param>
    /// <param name="cancellationToken">Stops between chunks of rows.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <remarks>O(m·k·n). Each element is one chain of multiply-adds over k in rising order, in passes of 256 that are
    /// added up: the same bytes for any thread count. Copies B once, k·n floats.</remarks>
    public static void Multiply(
        Matrix left, Matrix right, Matrix result, int threadCount, CancellationToken cancellationToken) =>
        Run(left, right, result, adds: false, threadCount, cancellationToken);

    /// <summary>Computes C ← C + A·B; as <see cref="Multiply(Matrix, Matrix, Matrix, int, CancellationToken)"/> in all
    /// else.</summary>
    /// <param name="left">A, shape (m, k).</param>
    /// <param name="right">B, shape (k, n).</param>
    /// <param name="result">C, shape (m, n), updated in place; may be neither A nor B.</param>
    /// <param name="threadCount">Threads at most, ≥ 1.</param>
    /// <param name="cancellationToken">Stops between chunks of rows.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void Add(
        Matrix left, Matrix right, Matrix result, int threadCount, CancellationToken cancellationToken) =>
        Run(left, right, result, adds: true, threadCount, cancellationToken);

    /// <summary>Computes C = A·B on the caller's thread, where either side may be a part or a transpose.</summary>
    /// <param name="left">A, shape (m, k).</param>
    /// <param name="right">B, shape (k, n).</param>
    /// <param name="result">Receives C, shape (m, n), row-major; may overlap neither A nor B.</param>
    /// <param name="stride">Distance between the beginnings of two rows of C; 0 where there are no gaps.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <remarks>As <see cref="Multiply(Matrix, Matrix, Matrix, int, CancellationToken)"/>, to the last bit. Allocates
    /// nothing in steady state.</remarks>
    public static void Multiply(in MatrixView left, in MatrixView right, Span<float> result, int stride = 0) =>
        Run(left, right, result, stride, adds: false);

    /// <summary>Computes C ← C + A·B on the caller's thread, where either side may be a part or a transpose.</summary>
    /// <param name="left">A, shape (m, k).</param>
    /// <param name="right">B, shape (k, n).</param>
    /// <param name="result">C, shape (m, n), row-major, updated in place; may overlap neither A nor B.</param>
    /// <param name="stride">Distance between the beginnings of two rows of C; 0 where there are no gaps.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void Add(in MatrixView left, in MatrixView right, Span<float> result, int stride = 0) =>
        Run(left, right, result, stride, adds: true);

    /// <summary>Computes C = A·B on the caller's thread, where B was laid out before.</summary>
    /// <param name="left">A, shape (m, k).</param>
    /// <param name="right">B, shape (k, n).</param>
    /// <param name="result">Receives C, shape (m, n), row-major; may not overlap A.</param>
    /// <param name="stride">Distance between the beginnings of two rows of C; 0 where there are no gaps.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void Multiply(in MatrixView left, PackedMatrix right, Span<float> result, int stride = 0) =>
        Run(left, right.Values, (right.RowCount, right.ColumnCount), result, stride, adds: false);

    /// <summary>Computes C ← C + A·B on the caller's thread, where B was laid out before.</summary>
    /// <param name="left">A, shape (m, k).</param>
    /// <param name="right">B, shape (k, n).</param>
    /// <param name="result">C, shape (m, n), row-major, updated in place; may not overlap A.</param>
    /// <param name="stride">Distance between the beginnings of two rows of C; 0 where there are no gaps.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void Add(in MatrixView left, PackedMatrix right, Span<float> result, int stride = 0) =>
        Run(left, right.Values, (right.RowCount, right.ColumnCount), result, stride, adds: true);

    private static void Run(in MatrixView left, in MatrixView right, Span<float> result, int stride, bool adds)
    {
        float[] packed = ArrayPool<float>.Shared.Rent(PackedProduct.LengthOf(right.RowCount, right.ColumnCount));
        PackedMatrix.Pack(right, packed);
        Run(left, packed, (right.RowCount, right.ColumnCount), result, stride, adds);
        ArrayPool<float>.Shared.Return(packed);
    }

    private static void Run(
        in MatrixView left, float[] packed, (int Rows, int Columns) right, Span<float> result, int stride, bool adds)
    {
        stride = stride == 0 ? right.Columns : stride;
        bool isEmpty = left.RowCount == 0 || right.Columns == 0;
        if (left.ColumnCount != right.Rows || stride < right.Columns
            || (!isEmpty && ((left.RowCount - 1L) * stride) + right.Columns > result.Length))
        {
            throw new ArgumentException(
                $"{left.RowCount} × {left.ColumnCount} times {right.Rows} × {right.Columns} does not fit {result.Length} " +
                $"values whose rows are {stride} apart.",
                nameof(result));
        }

        PackedProduct.Run(
            new PackedProduct.LeftSide(left.Values, left.RowStep, left.ColumnStep), packed, result, stride,
            new ProductShape(left.RowCount, left.ColumnCount, right.Columns), adds);
    }

    private static void Run(
        Matrix left, Matrix right, Matrix result, bool adds, int threadCount, CancellationToken cancellationToken)
    {
        if (left.ColumnCount != right.RowCount || result.RowCount != left.RowCount
            || result.ColumnCount != right.ColumnCount)
        {
            throw new ArgumentException(
                $"{left.RowCount} × {left.ColumnCount} times {right.RowCount} × {right.ColumnCount} does not give " +
                $"{result.RowCount} × {result.ColumnCount}.",
                nameof(result));
        }

        int length = PackedProduct.LengthOf(right.RowCount, right.ColumnCount);
        float[] packed = ArrayPool<float>.Shared.Rent(length);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            PackedProduct.Pack(right.Values, right.ColumnCount, right.RowCount, right.ColumnCount, packed);
            ParallelChunks.Run(
                left.RowCount,
                RowsPerChunk,
                threadCount,
                static () => 0,
                (_, _, start, end) => PackedProduct.Run(
                    new PackedProduct.LeftSide(left.Values.AsSpan(start * left.ColumnCount), left.ColumnCount, 1),
                    packed, result.Values.AsSpan(start * result.ColumnCount), result.ColumnCount,
                    new ProductShape(end - start, left.ColumnCount, right.ColumnCount), adds),
                cancellationToken);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(packed);
        }
    }
}
