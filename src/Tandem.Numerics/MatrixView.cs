using System.Diagnostics.CodeAnalysis;

namespace Tandem.Numerics;

/// <summary>A dense matrix that lies anywhere in memory: a part of another one, or its transpose; nothing is
/// copied.</summary>
public readonly ref struct MatrixView
{
    /// <summary>Looks at values in memory.</summary>
    /// <param name="values">Values, row-major; row r begins at r × stride.</param>
    /// <param name="rowCount">Number of rows, ≥ 0.</param>
    /// <param name="columnCount">Number of columns, ≥ 0.</param>
    /// <param name="stride">Distance between the beginnings of two rows, ≥ columns.</param>
    /// <exception cref="ArgumentException">The values end before the last row does.</exception>
    public MatrixView(ReadOnlySpan<float> values, int rowCount, int columnCount, int stride)
        : this(values, rowCount, columnCount, stride, isTransposed: false)
    {
        if (rowCount < 0 || columnCount < 0 || stride < columnCount
            || (rowCount > 0 && columnCount > 0 && (((rowCount - 1L) * stride) + columnCount) > values.Length))
        {
            ThrowShape(values, rowCount, columnCount, stride);
        }
    }

    /// <summary>Looks at values without gaps between rows.</summary>
    /// <param name="values">Values, row-major.</param>
    /// <param name="rowCount">Number of rows, ≥ 0.</param>
    /// <param name="columnCount">Number of columns, ≥ 0.</param>
    /// <exception cref="ArgumentException">There are too few values.</exception>
    public MatrixView(ReadOnlySpan<float> values, int rowCount, int columnCount)
        : this(values, rowCount, columnCount, columnCount)
    {
    }

    private MatrixView(ReadOnlySpan<float> values, int rowCount, int columnCount, int stride, bool isTransposed)
    {
        Values = values;
        RowCount = rowCount;
        ColumnCount = columnCount;
        Stride = stride;
        IsTransposed = isTransposed;
    }

    /// <summary>Number of rows.</summary>
    public int RowCount { get; }

    /// <summary>Number of columns.</summary>
    public int ColumnCount { get; }

    /// <summary>The same matrix, rows and columns exchanged.</summary>
    public MatrixView Transposed => new(Values, ColumnCount, RowCount, Stride, !IsTransposed);

    internal ReadOnlySpan<float> Values { get; }

    internal bool IsTransposed { get; }

    internal int Stride { get; }

    /// <summary>Distance between two rows.</summary>
    internal int RowStep => IsTransposed ? 1 : Stride;

    /// <summary>Distance between two columns.</summary>
    internal int ColumnStep => IsTransposed ? Stride : 1;

    [DoesNotReturn]
    private static void ThrowShape(ReadOnlySpan<float> values, int rowCount, int columnCount, int stride) =>
        throw new ArgumentException(
            $"{values.Length} values hold no matrix of {rowCount} × {columnCount} whose rows are {stride} apart.",
            nameof(values));
}
