namespace Tandem.Numerics;

/// <summary>The right side of matrix products, laid out once as the inner loop reads it: for a matrix that many others are
/// multiplied by.</summary>
public sealed class PackedMatrix
{
    /// <summary>Number of rows.</summary>
    public int RowCount { get; private set; }

    /// <summary>Number of columns.</summary>
    public int ColumnCount { get; private set; }

    internal float[] Values { get; private set; } = [];

    /// <summary>Takes a copy of a matrix in place of the last one.</summary>
    /// <param name="matrix">The matrix; may be a transpose.</param>
    /// <remarks>Allocates only where no earlier matrix was as large.</remarks>
    public void Pack(in MatrixView matrix)
    {
        int length = PackedProduct.LengthOf(matrix.RowCount, matrix.ColumnCount);
        if (Values.Length < length)
        {
            Values = new float[length];
        }

        RowCount = matrix.RowCount;
        ColumnCount = matrix.ColumnCount;
        Pack(matrix, Values);
    }

    internal static void Pack(in MatrixView matrix, float[] packed)
    {
        if (matrix.IsTransposed)
        {
            PackedProduct.PackTransposed(matrix.Values, matrix.Stride, matrix.RowCount, matrix.ColumnCount, packed);
        }
        else
        {
            PackedProduct.Pack(matrix.Values, matrix.Stride, matrix.RowCount, matrix.ColumnCount, packed);
        }
    }
}
