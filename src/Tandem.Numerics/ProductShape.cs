namespace Tandem.Numerics;

/// <summary>Sizes of a product: (rows, inner) times (inner, columns) gives (rows, columns).</summary>
/// <param name="Rows">m, ≥ 0.</param>
/// <param name="Inner">k, ≥ 0.</param>
/// <param name="Columns">n, ≥ 0.</param>
public readonly record struct ProductShape(int Rows, int Inner, int Columns)
{
    /// <exception cref="ArgumentException">A span is too short.</exception>
    internal void Check(int left, int leftNeeded, int packed, int result, int resultStride)
    {
        bool isEmpty = Rows == 0 || Columns == 0;
        if (Rows < 0 || Inner < 0 || Columns < 0 || resultStride < Columns || packed < PackedProduct.LengthOf(Inner, Columns)
            || (!isEmpty && ((Inner > 0 && left < leftNeeded) || result < ((Rows - 1) * resultStride) + Columns)))
        {
            throw new ArgumentException(
                $"A product of {Rows} × {Inner} and {Inner} × {Columns} was given {left}, {packed} and {result} floats.",
                nameof(left));
        }
    }
}
