using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tandem.Numerics;

/// <summary>Vectors laid out side by side, 32 to a strip, so that a tile of a matrix product scores many rows against all of
/// them at once.</summary>
internal sealed class ColumnStrips
{
    public const int Width = ProductTile.Columns;
    public const int TileRows = ProductTile.Rows;

    private readonly float[] _values;
    private readonly int _depth;

    public ColumnStrips(int capacity, int dimension)
    {
        _depth = dimension;
        _values = new float[checked((capacity + Width - 1) / Width * Width * dimension)];
    }

    /// <summary>Lays out some rows of a matrix; what is left of the last strip is zeros.</summary>
    public void Set(Matrix rows, int first, int count)
    {
        int strips = (count + Width - 1) / Width;
        Array.Clear(_values, 0, strips * Width * _depth);
        for (int row = 0; row < count; row++)
        {
            ReadOnlySpan<float> from = rows.Row(first + row);
            int at = (row / Width * Width * _depth) + (row % Width);
            for (int i = 0; i < from.Length; i++)
            {
                _values[at + (i * Width)] = from[i];
            }
        }
    }

    /// <summary>Multiplies twelve rows by a strip.</summary>
    /// <param name="rows">First of twelve rows without gaps.</param>
    /// <param name="strip">Which strip.</param>
    /// <param name="tile">Receives the products, shape (12, 32).</param>
    public void Multiply(ReadOnlySpan<float> rows, int strip, Span<float> tile)
    {
        ref float right = ref Unsafe.Add(
            ref MemoryMarshal.GetArrayDataReference(_values), (nint)strip * Width * _depth);
        ProductTile.Multiply(
            ref MemoryMarshal.GetReference(rows[..(TileRows * _depth)]), _depth, ref right, _depth,
            ref MemoryMarshal.GetReference(tile[..(TileRows * Width)]), Width, isFirst: true);
    }
}
