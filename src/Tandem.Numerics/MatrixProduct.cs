using System.Buffers;
using System.Runtime.InteropServices;

namespace Tandem.Numerics;

/// <summary>Products of dense matrices.</summary>
public static class MatrixProduct
{
    private const int RowsPerChunk = 8 * ProductTile.Rows;

    /// <summary>Inner indices of a pass: a strip of the right side and a tile's rows of the left stay in the first
    /// cache.</summary>
    private const int Depth = 256;

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

    /// <summary>Computes C ← C + A·B; as <see cref="Multiply"/> in all else.</summary>
    /// <param name="left">A, shape (m, k).</param>
    /// <param name="right">B, shape (k, n).</param>
    /// <param name="result">C, shape (m, n), updated in place; may be neither A nor B.</param>
    /// <param name="threadCount">Threads at most, ≥ 1.</param>
    /// <param name="cancellationToken">Stops between chunks of rows.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void Add(
        Matrix left, Matrix right, Matrix result, int threadCount, CancellationToken cancellationToken) =>
        Run(left, right, result, adds: true, threadCount, cancellationToken);

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

        int strips = (right.ColumnCount + ProductTile.Columns - 1) / ProductTile.Columns;
        int length = checked(strips * right.RowCount * ProductTile.Columns);
        float[] packed = ArrayPool<float>.Shared.Rent(length);
        try
        {
            Pack(right, packed, cancellationToken);
            ParallelChunks.Run(
                left.RowCount,
                RowsPerChunk,
                threadCount,
                static () => 0,
                (_, _, start, end) => MultiplyRows(left, packed, result, adds, start, end),
                cancellationToken);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(packed);
        }
    }

    /// <summary>Lays B out as the tile reads it: strips of 32 columns, each row by row, zeros beyond the last
    /// column.</summary>
    private static void Pack(Matrix right, float[] packed, CancellationToken cancellationToken)
    {
        int rows = right.RowCount;
        for (int first = 0; first < right.ColumnCount; first += ProductTile.Columns)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(ProductTile.Columns, right.ColumnCount - first);
            Span<float> strip = packed.AsSpan(first * rows, rows * ProductTile.Columns);
            for (int row = 0; row < rows; row++)
            {
                Span<float> target = strip.Slice(row * ProductTile.Columns, ProductTile.Columns);
                right.Row(row).Slice(first, count).CopyTo(target);
                target[count..].Clear();
            }
        }
    }

    private static void MultiplyRows(
        Matrix left, float[] packed, Matrix result, bool adds, int start, int end)
    {
        int inner = left.ColumnCount;
        int columns = result.ColumnCount;
        for (int depth = 0; depth < inner; depth += Depth)
        {
            int count = Math.Min(Depth, inner - depth);
            for (int column = 0; column < columns; column += ProductTile.Columns)
            {
                ref float strip = ref packed[((column / ProductTile.Columns * inner) + depth) * ProductTile.Columns];
                for (int row = start; row < end; row += ProductTile.Rows)
                {
                    int height = Math.Min(ProductTile.Rows, end - row);
                    int width = Math.Min(ProductTile.Columns, columns - column);
                    if (height == ProductTile.Rows && width == ProductTile.Columns)
                    {
                        ProductTile.Multiply(
                            ref left.Values[(row * inner) + depth], inner, ref strip, count,
                            ref result.Values[(row * columns) + column], columns,
                            isFirst: depth == 0 && !adds);
                    }
                    else
                    {
                        MultiplyEdge(
                            left, ref strip, result, adds || depth > 0, (row, column), (height, width),
                            (depth, count));
                    }
                }
            }
        }
    }

    /// <summary>A tile that reaches beyond the matrix: computed whole beside it, and the part that exists is
    /// taken.</summary>
    private static void MultiplyEdge(
        Matrix left, ref float strip, Matrix result, bool adds, (int Row, int Column) at,
        (int Height, int Width) size, (int First, int Count) depth)
    {
        Span<float> rows = stackalloc float[ProductTile.Rows * Depth];
        Span<float> tile = stackalloc float[ProductTile.Rows * ProductTile.Columns];
        for (int row = 0; row < size.Height; row++)
        {
            left.Row(at.Row + row).Slice(depth.First, depth.Count).CopyTo(rows[(row * Depth)..]);
        }

        ProductTile.Multiply(
            ref MemoryMarshal.GetReference(rows), Depth, ref strip, depth.Count,
            ref MemoryMarshal.GetReference(tile), ProductTile.Columns, isFirst: true);
        for (int row = 0; row < size.Height; row++)
        {
            Span<float> target = result.Row(at.Row + row).Slice(at.Column, size.Width);
            Span<float> values = tile.Slice(row * ProductTile.Columns, size.Width);
            if (adds)
            {
                Kernel.AddScaled(1, values, target);
            }
            else
            {
                values.CopyTo(target);
            }
        }
    }
}
