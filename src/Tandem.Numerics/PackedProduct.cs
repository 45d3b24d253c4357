using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tandem.Numerics;

/// <summary>Products of blocks of matrices on the caller's memory: the right side is packed once and met by many left
/// sides. One thread each; allocates nothing.</summary>
/// <remarks>Each element is one chain of multiply-adds over the inner index in rising order, in passes of 256 that are
/// added up: it does not depend on how rows are divided among calls.</remarks>
public static class PackedProduct
{
    /// <summary>Columns of the right side that lie together.</summary>
    public const int StripColumns = ProductTile.Columns;

    /// <summary>Inner indices of a pass: a strip of the right side and a tile's rows of the left stay in the first
    /// cache.</summary>
    private const int Depth = 256;

    /// <summary>Floats of a right side's pass that stay in the first cache with a tile's rows.</summary>
    private const int NearFloats = 6144;

    /// <summary>Floats that a packed right side takes: columns are filled up to whole strips of 32.</summary>
    /// <param name="rows">Its rows, ≥ 0.</param>
    /// <param name="columns">Its columns, ≥ 0.</param>
    /// <exception cref="OverflowException">They are more than an array holds.</exception>
    public static int LengthOf(int rows, int columns) =>
        checked((columns + StripColumns - 1) / StripColumns * StripColumns * rows);

    /// <summary>Packs B: strips of 32 columns, each row by row, zeros beyond the last column.</summary>
    /// <param name="right">B, shape (rows, columns), row-major.</param>
    /// <param name="stride">Distance between its rows, ≥ columns.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="packed">Receives <see cref="LengthOf"/> floats.</param>
    public static void Pack(ReadOnlySpan<float> right, int stride, int rows, int columns, Span<float> packed) =>
        PackRows(right, stride, (0, rows), rows, columns, packed);

    /// <summary>Packs some rows of B into their places, so that several threads can share the work.</summary>
    /// <param name="right">The rows, row-major.</param>
    /// <param name="stride">Distance between them, ≥ columns.</param>
    /// <param name="part">Number of the first of them in B, and how many they are.</param>
    /// <param name="rows">Number of rows of B.</param>
    /// <param name="columns">Number of columns of B.</param>
    /// <param name="packed">B, packed: <see cref="LengthOf"/> floats.</param>
    public static void PackRows(
        ReadOnlySpan<float> right, int stride, (int First, int Count) part, int rows, int columns, Span<float> packed)
    {
        for (int first = 0; first < columns; first += StripColumns)
        {
            int count = Math.Min(StripColumns, columns - first);
            Span<float> strip = packed.Slice((first * rows) + (part.First * StripColumns), part.Count * StripColumns);
            for (int row = 0; row < part.Count; row++)
            {
                Span<float> target = strip.Slice(row * StripColumns, StripColumns);
                right.Slice((row * stride) + first, count).CopyTo(target);
                target[count..].Clear();
            }
        }
    }

    /// <summary>Packs B that lies transposed, as <see cref="Pack"/> would pack it upright.</summary>
    /// <param name="transposed">Bᵀ, shape (columns, rows), row-major.</param>
    /// <param name="stride">Distance between its rows, ≥ rows.</param>
    /// <param name="rows">Number of rows of B.</param>
    /// <param name="columns">Number of columns of B.</param>
    /// <param name="packed">Receives <see cref="LengthOf"/> floats.</param>
    public static void PackTransposed(
        ReadOnlySpan<float> transposed, int stride, int rows, int columns, Span<float> packed)
    {
        for (int first = 0; first < columns; first += StripColumns)
        {
            Span<float> strip = packed.Slice(first * rows, rows * StripColumns);
            int count = Math.Min(StripColumns, columns - first);
            int whole = count / Transpose.Size * Transpose.Size;
            int wholeRows = rows / Transpose.Size * Transpose.Size;
            for (int column = 0; column < whole; column += Transpose.Size)
            {
                for (int row = 0; row < wholeRows; row += Transpose.Size)
                {
                    Transpose.Block(
                        transposed[(((first + column) * stride) + row)..], stride,
                        strip[((row * StripColumns) + column)..], StripColumns);
                }
            }

            for (int row = 0; row < rows; row++)
            {
                Span<float> target = strip.Slice(row * StripColumns, StripColumns);
                for (int column = row < wholeRows ? whole : 0; column < count; column++)
                {
                    target[column] = transposed[((first + column) * stride) + row];
                }

                target[count..].Clear();
            }
        }
    }

    /// <summary>Computes C = A·B or C ← C + A·B.</summary>
    /// <param name="left">A, shape (m, k), row-major.</param>
    /// <param name="leftStride">Distance between its rows.</param>
    /// <param name="packed">B, packed.</param>
    /// <param name="result">C, shape (m, n), row-major.</param>
    /// <param name="resultStride">Distance between its rows.</param>
    /// <param name="shape">m, k and n.</param>
    /// <param name="adds">True to add to C.</param>
    /// <exception cref="ArgumentException">A span is too short for the shape.</exception>
    public static void Multiply(
        ReadOnlySpan<float> left, int leftStride, ReadOnlySpan<float> packed, Span<float> result, int resultStride,
        ProductShape shape, bool adds)
    {
        shape.Check(left.Length, ((shape.Rows - 1) * leftStride) + shape.Inner, packed.Length, result.Length, resultStride);
        Run(new LeftSide(left, leftStride, 1), packed, result, resultStride, shape, adds);
    }

    /// <summary>Computes C = Aᵀ·B or C ← C + Aᵀ·B, of A as it lies.</summary>
    /// <param name="left">A, shape (k, m), row-major.</param>
    /// <param name="leftStride">Distance between its rows.</param>
    /// <param name="packed">B, packed.</param>
    /// <param name="result">C, shape (m, n), row-major.</param>
    /// <param name="resultStride">Distance between its rows.</param>
    /// <param name="shape">m, k and n.</param>
    /// <param name="adds">True to add to C.</param>
    /// <exception cref="ArgumentException">A span is too short for the shape.</exception>
    public static void MultiplyTransposed(
        ReadOnlySpan<float> left, int leftStride, ReadOnlySpan<float> packed, Span<float> result, int resultStride,
        ProductShape shape, bool adds)
    {
        shape.Check(left.Length, ((shape.Inner - 1) * leftStride) + shape.Rows, packed.Length, result.Length, resultStride);
        Run(new LeftSide(left, 1, leftStride), packed, result, resultStride, shape, adds);
    }

    internal static void Run(
        LeftSide left, ReadOnlySpan<float> packed, Span<float> result, int resultStride, ProductShape shape, bool adds)
    {
        if (shape.Inner == 0 && !adds)
        {
            for (int row = 0; row < shape.Rows; row++)
            {
                result.Slice(row * resultStride, shape.Columns).Clear();
            }
        }

        for (int depth = 0; depth < shape.Inner; depth += Depth)
        {
            int count = Math.Min(Depth, shape.Inner - depth);
            int rowsAtOnce = LengthOf(count, shape.Columns) <= NearFloats ? ProductTile.Rows : shape.Rows;
            for (int first = 0; first < shape.Rows; first += rowsAtOnce)
            {
                int end = Math.Min(first + rowsAtOnce, shape.Rows);
                for (int column = 0; column < shape.Columns; column += StripColumns)
                {
                    ReadOnlySpan<float> strip = packed[((column * shape.Inner) + (depth * StripColumns))..];
                    Strip(left, strip, result, resultStride, (first, end), (column, shape.Columns), (depth, count), adds);
                }
            }
        }
    }

    private static void Strip(
        LeftSide left, ReadOnlySpan<float> strip, Span<float> result, int resultStride, (int First, int End) rows,
        (int At, int Count) columns, (int First, int Count) depth, bool adds)
    {
        ref float right = ref MemoryMarshal.GetReference(strip);
        bool isFirst = depth.First == 0 && !adds;
        int row = rows.First;
        if (columns.Count - columns.At >= StripColumns)
        {
            for (; row + ProductTile.Rows <= rows.End; row += ProductTile.Rows)
            {
                ProductTile.Multiply(
                    ref left.At(row, depth.First), left.Stride, left.Step, ref right, depth.Count,
                    ref result[(row * resultStride) + columns.At], resultStride, isFirst);
            }

            for (; Vector512.IsHardwareAccelerated && row + ProductTile.FewRows <= rows.End; row += ProductTile.FewRows)
            {
                ProductTile.Four512(
                    ref left.At(row, depth.First), left.Stride, left.Step, ref right, depth.Count,
                    ref result[(row * resultStride) + columns.At], resultStride, isFirst);
            }
        }

        for (; row < rows.End; row += ProductTile.Rows)
        {
            Edge(
                left, ref right, result, resultStride, (row, columns.At),
                (Math.Min(ProductTile.Rows, rows.End - row), Math.Min(StripColumns, columns.Count - columns.At)), depth,
                isFirst);
        }
    }

    /// <summary>A tile that reaches beyond the matrix: computed whole beside it, and the part that exists is
    /// taken.</summary>
    [SkipLocalsInit]
    private static void Edge(
        LeftSide left, ref float strip, Span<float> result, int resultStride, (int Row, int Column) at,
        (int Height, int Width) size, (int First, int Count) depth, bool isFirst)
    {
        Span<float> rows = stackalloc float[ProductTile.Rows * Depth];
        Span<float> tile = stackalloc float[ProductTile.Rows * StripColumns];
        for (int row = 0; row < ProductTile.Rows; row++)
        {
            // Rows that do not exist repeat the last one; what they give is not taken.
            int from = at.Row + Math.Min(row, size.Height - 1);
            for (int i = 0; i < depth.Count; i++)
            {
                rows[(row * Depth) + i] = left.At(from, depth.First + i);
            }
        }

        ProductTile.Multiply(
            ref MemoryMarshal.GetReference(rows), Depth, 1, ref strip, depth.Count,
            ref MemoryMarshal.GetReference(tile), StripColumns, isFirst: true);
        for (int row = 0; row < size.Height; row++)
        {
            Span<float> target = result.Slice(((at.Row + row) * resultStride) + at.Column, size.Width);
            Span<float> values = tile.Slice(row * StripColumns, size.Width);
            if (isFirst)
            {
                values.CopyTo(target);
            }
            else
            {
                Kernel.AddScaled(1, values, target);
            }
        }
    }

    /// <summary>A as it lies: upright, or transposed.</summary>
    internal readonly ref struct LeftSide(ReadOnlySpan<float> values, int stride, int step)
    {
        private readonly ReadOnlySpan<float> _values = values;

        public int Stride { get; } = stride;

        public int Step { get; } = step;

        public ref float At(int row, int inner) =>
            ref Unsafe.Add(ref MemoryMarshal.GetReference(_values), ((nint)row * Stride) + ((nint)inner * Step));
    }
}
