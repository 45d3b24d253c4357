using Tandem.Numerics;

namespace Tandem.Learning.Networks;

/// <summary>Halves pictures: of each 2 × 2 square, the largest number; an odd last row or column is left out.</summary>
internal sealed class MaxPooling : ILayer
{
    private readonly PictureShape _input;
    private readonly RowBuffer _output;
    private readonly RowBuffer _inputGradient;
    private RowBuffer? _last;

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
        _last = input;
        _output.Resize(input.Count);
        for (int row = 0; row < input.Count; row++)
        {
            for (int y = 0; y < Output.Height; y++)
            {
                Kernel.PoolRows(
                    _input.Row(input.Row(row), 2 * y), _input.Row(input.Row(row), (2 * y) + 1), Output.Channels,
                    Output.Row(_output.Row(row), y));
            }
        }

        return _output;
    }

    /// <inheritdoc/>
    /// <remarks>What is never written stays zero: the surroundings, and a last row or column that was left out.</remarks>
    public RowBuffer Backward(RowBuffer gradient, LayerPass pass)
    {
        _inputGradient.Resize(gradient.Count);
        for (int row = 0; row < gradient.Count; row++)
        {
            Span<float> input = _last!.Row(row);
            Span<float> target = _inputGradient.Row(row);
            for (int y = 0; y < Output.Height; y++)
            {
                Kernel.PoolRowsBackward(
                    _input.Row(input, 2 * y), _input.Row(input, (2 * y) + 1), Output.Channels,
                    Output.Row(gradient.Row(row), y), _input.Row(target, 2 * y), _input.Row(target, (2 * y) + 1));
            }
        }

        return _inputGradient;
    }
}
