using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tandem.Numerics;

/// <summary>A dense float32 matrix, row-major.</summary>
public sealed class Matrix
{
    /// <summary>Makes a matrix of zeros.</summary>
    /// <param name="rowCount">Number of rows, ≥ 0.</param>
    /// <param name="columnCount">Number of columns, ≥ 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is out of range.</exception>
    public Matrix(int rowCount, int columnCount)
        : this(rowCount, columnCount, LargeArray.Zeros<float>(CheckedLength(rowCount, columnCount)))
    {
    }

    /// <summary>Wraps values that already lie in memory; they are not copied.</summary>
    /// <param name="rowCount">Number of rows, ≥ 0.</param>
    /// <param name="columnCount">Number of columns, ≥ 1.</param>
    /// <param name="values">Row-major values, length rows × columns.</param>
    /// <exception cref="ArgumentException">The length does not fit the counts.</exception>
    public Matrix(int rowCount, int columnCount, float[] values)
    {
        if (values.Length != CheckedLength(rowCount, columnCount))
        {
            throw new ArgumentException(
                $"A matrix of {rowCount} × {columnCount} needs {(long)rowCount * columnCount} values, not " +
                $"{values.Length}.",
                nameof(values));
        }

        RowCount = rowCount;
        ColumnCount = columnCount;
        Values = values;
    }

    /// <summary>Number of rows.</summary>
    public int RowCount { get; }

    /// <summary>Number of columns.</summary>
    public int ColumnCount { get; }

    /// <summary>All values, row-major, length <see cref="RowCount"/> × <see cref="ColumnCount"/>.</summary>
    public float[] Values { get; }

    /// <summary>One row, length <see cref="ColumnCount"/>, writable in place.</summary>
    /// <param name="row">Row index.</param>
    public Span<float> Row(int row) => Values.AsSpan(row * ColumnCount, ColumnCount);

    /// <summary>Multiplies the matrix by a vector: result[r] = row r · vector.</summary>
    /// <param name="vector">Vector, length <see cref="ColumnCount"/>.</param>
    /// <param name="result">Receives the products, length <see cref="RowCount"/>.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    /// <remarks>O(rows·columns), bound by memory. Each product equals <see cref="Kernel.Dot(ReadOnlySpan{float},
    /// ReadOnlySpan{float})"/> of its row to the last bit. Allocates nothing.</remarks>
    public void Multiply(ReadOnlySpan<float> vector, Span<float> result)
    {
        if (result.Length != RowCount)
        {
            throw new ArgumentException(
                $"The result holds {result.Length} elements for {RowCount} rows.", nameof(result));
        }

        MultiplyRows(firstRow: 0, vector, result);
    }

    /// <summary>Multiplies some rows by a vector: result[r] = row (first + r) · vector.</summary>
    /// <param name="firstRow">First row.</param>
    /// <param name="vector">Vector, length <see cref="ColumnCount"/>.</param>
    /// <param name="result">Receives the products; its length is the number of rows.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    /// <remarks>As <see cref="Multiply"/>, to the last bit. A few dozen rows at a time stay in cache for many
    /// vectors.</remarks>
    public void MultiplyRows(int firstRow, ReadOnlySpan<float> vector, Span<float> result)
    {
        if (vector.Length != ColumnCount || firstRow < 0 || firstRow > RowCount - result.Length)
        {
            throw new ArgumentException(
                $"A {RowCount} × {ColumnCount} matrix has no {result.Length} rows from {firstRow} for a vector of " +
                $"{vector.Length}.",
                nameof(vector));
        }

        ref float first = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Values), (nint)firstRow * ColumnCount);
        ref float shared = ref MemoryMarshal.GetReference(vector);
        nuint columns = (nuint)ColumnCount;
        int row = 0;
        for (; row + 4 <= result.Length; row += 4)
        {
            ref float rows = ref Unsafe.Add(ref first, (nuint)row * columns);
            Kernel.DotFour(ref rows, columns, ref shared, columns, result.Slice(row, 4));
        }

        for (; row < result.Length; row++)
        {
            result[row] = Kernel.Dot(ref Unsafe.Add(ref first, (nuint)row * columns), ref shared, columns);
        }
    }

    private static int CheckedLength(int rowCount, int columnCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(columnCount, 1);
        long length = (long)rowCount * columnCount;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Array.MaxLength, nameof(rowCount));
        return (int)length;
    }
}
