using Tandem.Numerics;

namespace Tandem.Learning.Networks;

/// <summary>Brings every row to length 1: y = x / |x|, so that an inner product is a cosine. A row of zeros stays.</summary>
internal sealed class UnitLength(int width) : ILayer
{
    private readonly RowBuffer _output = new(width);
    private readonly RowBuffer _inverse = new(1);

    /// <inheritdoc/>
    public int InputWidth => width;

    /// <inheritdoc/>
    public int OutputWidth => width;

    /// <inheritdoc/>
    public RowBuffer Forward(RowBuffer input, LayerPass pass)
    {
        _output.CopyFrom(input);
        _inverse.Resize(input.Count);
        for (int row = 0; row < input.Count; row++)
        {
            float square = Kernel.Dot(input.Row(row), input.Row(row));
            _inverse.Values[row] = square > 0 ? 1 / MathF.Sqrt(square) : 0;
            Kernel.Scale(_inverse.Values[row], _output.Row(row));
        }

        return _output;
    }

    /// <inheritdoc/>
    /// <remarks>dx = (dy − y·(y·dy)) / |x|.</remarks>
    public RowBuffer Backward(RowBuffer gradient, LayerPass pass)
    {
        for (int row = 0; row < gradient.Count; row++)
        {
            Kernel.AddScaled(-Kernel.Dot(_output.Row(row), gradient.Row(row)), _output.Row(row), gradient.Row(row));
            Kernel.Scale(_inverse.Values[row], gradient.Row(row));
        }

        return gradient;
    }
}
