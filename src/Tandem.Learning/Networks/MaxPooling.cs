namespace Tandem.Learning.Networks;

/// <summary>Halves pictures: of each 2 × 2 square, the largest number; an odd last row or column is left out.</summary>
internal sealed class MaxPooling : ILayer
{
    private readonly PictureShape _input;
    private readonly RowBuffer _output;
    private readonly RowBuffer _inputGradient;
    private int[] _chosen = [];

    public MaxPooling(PictureShape input)
    {
        _input = input;
        Output = new PictureShape(input.Channels, input.Height / 2, input.Width / 2);
        _output = new RowBuffer(Output.Length);
        _inputGradient = new RowBuffer(input.Length);
    }

    /// <summary>Shape of the pictures that come out.</summary>
    public PictureShape Output { get; }

    /// <inheritdoc/>
    public int InputWidth => _input.Length;

    /// <inheritdoc/>
    public int OutputWidth => Output.Length;

    /// <inheritdoc/>
    public RowBuffer Forward(RowBuffer input, LayerPass pass)
    {
        _output.Resize(input.Count);
        if (_chosen.Length < _output.Values.Length)
        {
            _chosen = new int[2 * _output.Values.Length];
        }

        for (int row = 0; row < input.Count; row++)
        {
            Span<float> picture = input.Row(row);
            for (int at = 0; at < Output.Length; at++)
            {
                (int plane, int place) = Math.DivRem(at, Output.Area);
                int corner = (plane * _input.Area) + (2 * (place / Output.Width) * _input.Width)
                    + (2 * (place % Output.Width));
                int best = corner;
                best = picture[corner + 1] > picture[best] ? corner + 1 : best;
                best = picture[corner + _input.Width] > picture[best] ? corner + _input.Width : best;
                best = picture[corner + _input.Width + 1] > picture[best] ? corner + _input.Width + 1 : best;
                _chosen[(row * Output.Length) + at] = best;
                _output.Row(row)[at] = picture[best];
            }
        }

        return _output;
    }

    /// <inheritdoc/>
    public RowBuffer Backward(RowBuffer gradient, LayerPass pass)
    {
        _inputGradient.Resize(gradient.Count);
        _inputGradient.Values.Clear();
        for (int row = 0; row < gradient.Count; row++)
        {
            Span<float> target = _inputGradient.Row(row);
            for (int at = 0; at < Output.Length; at++)
            {
                target[_chosen[(row * Output.Length) + at]] += gradient.Row(row)[at];
            }
        }

        return _inputGradient;
    }
}
