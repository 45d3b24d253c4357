using System.Runtime.InteropServices;
using Tandem.Numerics;
using Tandem.Numerics.Codes;

namespace Tandem.Learning.Nearest;

/// <summary>Turns vectors into codes: rotated first, so that no dimension holds much more than another and a byte is enough
/// for each.</summary>
internal static class CodedVectors
{
    private const int RowsAtOnce = 768;

    /// <summary>Rotates some rows.</summary>
    public static Matrix Rotate(
        Matrix vectors, Matrix rotation, ReadOnlySpan<int> rows, int threadCount, CancellationToken cancellationToken)
    {
        Matrix some = new(rows.Length, vectors.ColumnCount);
        for (int i = 0; i < rows.Length; i++)
        {
            vectors.Row(rows[i]).CopyTo(some.Row(i));
        }

        Matrix rotated = new(rows.Length, vectors.ColumnCount);
        MatrixProduct.Multiply(some, Transposed(rotation), rotated, threadCount, cancellationToken);
        return rotated;
    }

    /// <summary>Rotates and rounds all rows, in parallel.</summary>
    /// <param name="vectors">The rows.</param>
    /// <param name="rotation">The rotation.</param>
    /// <param name="put">Takes a row's number, its codes and its scale.</param>
    /// <param name="threadCount">Threads at most.</param>
    /// <param name="cancellationToken">Stops between chunks.</param>
    public static void Encode(
        Matrix vectors, Matrix rotation, PutCodes put, int threadCount, CancellationToken cancellationToken)
    {
        int columns = vectors.ColumnCount;
        Matrix turned = Transposed(rotation);
        ParallelChunks.Run(
            vectors.RowCount, RowsAtOnce, threadCount,
            () => (Codes: new sbyte[CodeRows.StrideOf(columns)], From: new Matrix(RowsAtOnce, columns),
                To: new Matrix(RowsAtOnce, columns)),
            (scratch, _, start, end) =>
            {
                vectors.Values.AsSpan(start * columns, (end - start) * columns).CopyTo(scratch.From.Values);
                MatrixProduct.Multiply(scratch.From, turned, scratch.To, 1, cancellationToken);
                for (int row = start; row < end; row++)
                {
                    float scale = ByteCodes.Quantise(scratch.To.Row(row - start), scratch.Codes);
                    put(row, scratch.Codes, scale);
                }
            },
            cancellationToken);
    }

    /// <summary>Makes aligned memory for numbers.</summary>
    public static Memory<byte> Allocate<T>(long count)
        where T : unmanaged => AlignedBytes.Allocate(count * Marshal.SizeOf<T>());

    private static Matrix Transposed(Matrix matrix)
    {
        Matrix turned = new(matrix.ColumnCount, matrix.RowCount);
        for (int row = 0; row < matrix.RowCount; row++)
        {
            for (int column = 0; column < matrix.ColumnCount; column++)
            {
                turned.Row(column)[row] = matrix.Row(row)[column];
            }
        }

        return turned;
    }
}
