using Tandem.Numerics;

namespace Tandem.Learning.Networks;

/// <summary>A convolution over pictures: every output channel is a weighted sum of a square around each place, in all input
/// channels; zeros lie around the picture, so its size stays.</summary>
/// <remarks>A row is one picture, channel by channel, each row-major: width = channels × height × width. The squares of a
/// picture are laid out as columns (im2col), which makes the sums one matrix product a picture. O(rows · output · input ·
/// size² · height · width).</remarks>
internal sealed class Convolution : ILayer
{
    private readonly Parameter _weights;
    private readonly Parameter _bias;
    private readonly RowBuffer _output;
    private readonly RowBuffer _inputGradient;
    private readonly float[] _columns;
    private readonly PictureShape _input;
    private readonly int _outputChannels;
    private readonly int _size;
    private RowBuffer? _last;

    /// <summary>Takes its parameters' places.</summary>
    /// <param name="layout">Where.</param>
    /// <param name="name">Under which name.</param>
    /// <param name="input">Shape of the pictures that go in.</param>
    /// <param name="outputChannels">Channels that come out.</param>
    /// <param name="size">Side of the square, odd.</param>
    public Convolution(ParameterLayout layout, string name, PictureShape input, int outputChannels, int size)
    {
        if (size < 1 || size % 2 == 0)
        {
            throw new ArgumentException($"A square of {size} has no middle; its side must be odd.", nameof(size));
        }

        // Weights drawn for rectified inputs: He and others, 2015.
        int depth = input.Channels * size * size;
        _weights = layout.Take(name + ".weights", outputChannels, depth, Math.Sqrt(2.0 / depth));
        _bias = layout.Take(name + ".bias", 1, outputChannels);
        _input = input;
        _outputChannels = outputChannels;
        _size = size;
        _output = new RowBuffer(outputChannels * input.Area);
        _inputGradient = new RowBuffer(input.Length);
        _columns = new float[depth * input.Area];
    }

    /// <inheritdoc/>
    public int InputWidth => _input.Length;

    /// <inheritdoc/>
    public int OutputWidth => _output.Width;

    private MatrixView Columns => new(_columns, _weights.ColumnCount, _input.Area);

    /// <inheritdoc/>
    public RowBuffer Forward(RowBuffer input, LayerPass pass)
    {
        _last = input;
        _output.Resize(input.Count);
        MatrixView weights = new(_weights.In(pass.Parameters), _outputChannels, _weights.ColumnCount);
        Span<float> bias = _bias.In(pass.Parameters);
        for (int row = 0; row < input.Count; row++)
        {
            LayOut(input.Row(row));
            Span<float> output = _output.Row(row);
            for (int channel = 0; channel < _outputChannels; channel++)
            {
                output.Slice(channel * _input.Area, _input.Area).Fill(bias[channel]);
            }

            MatrixProduct.Add(weights, Columns, output);
        }

        return _output;
    }

    /// <inheritdoc/>
    /// <remarks>With X the columns of a picture: dW += dy·Xᵀ, db += Σ dy, dX = Wᵀ·dy, and each element of dX goes back to
    /// the place it was taken from. Columns are laid out again rather than kept.</remarks>
    public RowBuffer Backward(RowBuffer gradient, LayerPass pass)
    {
        _inputGradient.Resize(gradient.Count);
        _inputGradient.Values.Clear();
        MatrixView weights = new(_weights.In(pass.Parameters), _outputChannels, _weights.ColumnCount);
        Span<float> bias = _bias.In(pass.Gradients);
        for (int row = 0; row < gradient.Count; row++)
        {
            MatrixView outer = new(gradient.Row(row), _outputChannels, _input.Area);
            for (int channel = 0; channel < _outputChannels; channel++)
            {
                bias[channel] += Kernel.Sum(gradient.Row(row).Slice(channel * _input.Area, _input.Area));
            }

            LayOut(_last!.Row(row));
            MatrixProduct.Add(outer, Columns.Transposed, _weights.In(pass.Gradients));
            MatrixProduct.Multiply(weights.Transposed, outer, _columns);
            TakeBack(_inputGradient.Row(row));
        }

        return _inputGradient;
    }

    /// <summary>Copies, for every channel and place in the square, the picture moved by that place.</summary>
    private void LayOut(ReadOnlySpan<float> picture)
    {
        Array.Clear(_columns);
        for (int line = 0; line < _weights.ColumnCount; line++)
        {
            (int channel, int down, int right) = PlaceOf(line);
            (int first, int count) = _input.Overlap(right);
            for (int y = Math.Max(0, -down); y < Math.Min(_input.Height, _input.Height - down); y++)
            {
                picture.Slice((((channel * _input.Height) + y + down) * _input.Width) + first + right, count)
                    .CopyTo(_columns.AsSpan((((line * _input.Height) + y) * _input.Width) + first));
            }
        }
    }

    private void TakeBack(Span<float> picture)
    {
        for (int line = 0; line < _weights.ColumnCount; line++)
        {
            (int channel, int down, int right) = PlaceOf(line);
            (int first, int count) = _input.Overlap(right);
            for (int y = Math.Max(0, -down); y < Math.Min(_input.Height, _input.Height - down); y++)
            {
                Kernel.AddScaled(
                    1, _columns.AsSpan((((line * _input.Height) + y) * _input.Width) + first, count),
                    picture.Slice((((channel * _input.Height) + y + down) * _input.Width) + first + right, count));
            }
        }
    }

    private (int Channel, int Down, int Right) PlaceOf(int line) =>
        (line / (_size * _size), (line / _size % _size) - (_size / 2), (line % _size) - (_size / 2));
}
