namespace Tandem.Learning.Networks;

/// <summary>Takes pictures out of the zeros around them: rows of places one after another, each with its channels.</summary>
internal sealed class Flattening(PictureShape shape) : ILayer
{
    private readonly RowBuffer _output = new(shape.Area * shape.Channels);
    private readonly RowBuffer _inputGradient = new(shape.Length);

    /// <inheritdoc/>
    public int InputWidth => shape.Length;

    /// <inheritdoc/>
    public int OutputWidth => _output.Width;

    /// <inheritdoc/>
    public RowBuffer Forward(RowBuffer input, LayerPass pass)
    {
        _output.Resize(input.Count);
        int length = shape.Width * shape.Channels;
        for (int row = 0; row < input.Count; row++)
        {
            for (int y = 0; y < shape.Height; y++)
            {
                shape.Row(input.Row(row), y).CopyTo(_output.Row(row)[(y * length)..]);
            }
        }

        return _output;
    }

    /// <inheritdoc/>
    public RowBuffer Backward(RowBuffer gradient, LayerPass pass)
    {
        _inputGradient.Resize(gradient.Count);
        int length = shape.Width * shape.Channels;
        for (int row = 0; row < gradient.Count; row++)
        {
            for (int y = 0; y < shape.Height; y++)
            {
                gradient.Row(row).Slice(y * length, length).CopyTo(shape.Row(_inputGradient.Row(row), y));
            }
        }

        return _inputGradient;
    }
}
