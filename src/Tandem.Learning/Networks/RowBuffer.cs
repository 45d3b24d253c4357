using Tandem.Numerics;

namespace Tandem.Learning.Networks;

/// <summary>Rows of numbers that are written anew in every step: activations, or their gradients. Grows to the largest
/// step and then allocates nothing more.</summary>
internal sealed class RowBuffer(int width)
{
    private float[] _values = [];

    /// <summary>Length of a row.</summary>
    public int Width => width;

    /// <summary>Number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>All rows one after another.</summary>
    public Span<float> Values => _values.AsSpan(0, Count * width);

    /// <summary>The rows as a matrix, shape (count, width).</summary>
    public MatrixView View => new(_values, Count, width);

    /// <summary>One row.</summary>
    public Span<float> Row(int row) => _values.AsSpan(row * width, width);

    /// <summary>Sets the number of rows; what they hold is left over from before.</summary>
    public void Resize(int count)
    {
        Count = count;
        if (_values.Length < count * width)
        {
            _values = new float[Math.Max(count * width, 2 * _values.Length)];
        }
    }

    /// <summary>Takes a copy of other rows of the same width.</summary>
    public void CopyFrom(RowBuffer other)
    {
        Resize(other.Count);
        other.Values.CopyTo(Values);
    }
}
