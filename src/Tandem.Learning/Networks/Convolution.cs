using Tandem.Numerics;

namespace Tandem.Learning.Networks;

/// <summary>A convolution over pictures: every output channel is a weighted sum of the 3 × 3 square around each place, in
/// all input channels; zeros lie around the picture, so its size stays. There is no bias: a normalisation follows.</summary>
/// <remarks>Nothing is laid out anew: by <see cref="PictureShape"/> a line of a square is a row of a matrix where it lies, so
/// each of the three lines is one product with its weights, and the gradients are such products too. O(rows · output ·
/// input · 9 · height · width).</remarks>
internal sealed class Convolution : ILayer
{
    private const int Side = 3;

    /// <summary>Places that are summed over at a time where gradients of weights are computed: a pass of the
    /// product.</summary>
    private const int PlacesAtOnce = 256;

    private readonly Parameter _weights;
    private readonly RowBuffer _output;
    private readonly RowBuffer _inputGradient;
    private readonly float[] _packed;
    private readonly float[] _packedGradients;
    private readonly float[] _turned;
    private readonly PictureShape _input;
    private readonly PictureShape _shape;
    private readonly int _picturesAtOnce;
    private readonly bool _isFirst;
    private RowBuffer? _last;

    /// <summary>Takes its parameters' place.</summary>
    /// <param name="layout">Where.</param>
    /// <param name="name">Under which name; shape (9 · input, output), line by line of the square, then place by
    /// place.</param>
    /// <param name="input">Shape of the pictures that go in.</param>
    /// <param name="outputChannels">Channels that come out.</param>
    /// <param name="isFirst">True where nothing before it learns: its backward pass then returns no rows.</param>
    public Convolution(ParameterLayout layout, string name, PictureShape input, int outputChannels, bool isFirst = false)
    {
        // Weights drawn for rectified inputs: He and others, 2015.
        int depth = input.Channels * Side * Side;
        _weights = layout.Take(name, depth, outputChannels, Math.Sqrt(2.0 / depth));
        _input = input;
        _shape = input with { Channels = outputChannels };
        _isFirst = isFirst;
        _picturesAtOnce = Math.Max(1, PlacesAtOnce / input.PlaceCount);
        _output = new RowBuffer(_shape.Length);
        _inputGradient = new RowBuffer(input.Length);
        _packed = new float[Side * Math.Max(
            PackedProduct.LengthOf(Side * input.Channels, outputChannels),
            PackedProduct.LengthOf(Side * outputChannels, input.Channels))];
        _packedGradients = new float[PackedProduct.LengthOf(_picturesAtOnce * input.PlaceCount, outputChannels)];
        _turned = new float[Side * outputChannels * input.Channels];
    }

    /// <summary>Shape of the pictures that come out.</summary>
    public PictureShape Output => _shape;

    /// <inheritdoc/>
    public int InputWidth => _input.Length;

    /// <inheritdoc/>
    public int OutputWidth => _shape.Length;

    /// <inheritdoc/>
    public RowBuffer Forward(RowBuffer input, LayerPass pass)
    {
        _last = input;
        _output.Resize(input.Count);
        int lineLength = Side * _input.Channels * _shape.Channels;
        for (int line = 0; line < Side; line++)
        {
            Pack(line, _weights.In(pass.Parameters).Slice(line * lineLength, lineLength), _input.Channels, _shape.Channels);
        }

        for (int row = 0; row < input.Count; row++)
        {
            Convolve(input.Row(row), _input, _output.Row(row), _shape);
        }

        return _output;
    }

    /// <inheritdoc/>
    /// <remarks>With X the overlapping rows of a line: dW += Xᵀ·dy, and dx is the convolution of dy with the weights turned by
    /// half a turn, input and output exchanged.</remarks>
    public RowBuffer Backward(RowBuffer gradient, LayerPass pass)
    {
        AddWeightGradients(gradient, _weights.In(pass.Gradients));
        _inputGradient.Resize(_isFirst ? 0 : gradient.Count);
        for (int line = 0; line < Side && !_isFirst; line++)
        {
            Turn(line, _weights.In(pass.Parameters));
            Pack(line, _turned, _shape.Channels, _input.Channels);
        }

        for (int row = 0; row < _inputGradient.Count; row++)
        {
            Convolve(gradient.Row(row), _shape, _inputGradient.Row(row), _input);
        }

        return _inputGradient;
    }

    /// <summary>One product for each line of the square.</summary>
    private void Convolve(ReadOnlySpan<float> from, PictureShape source, Span<float> to, PictureShape target)
    {
        ProductShape product = new(source.RunPlaces, Side * source.Channels, target.Channels);
        Span<float> result = to[(target.FirstPlace * target.Channels)..];
        for (int line = 0; line < Side; line++)
        {
            PackedProduct.Multiply(
                from[(line * source.RowPlaces * source.Channels)..], source.Channels,
                Packed(line, source.Channels, target.Channels), result, target.Channels, product, adds: line > 0);
        }

        target.ClearAround(to);
    }

    /// <summary>Pictures lie one after another, and there are zeros in the gradient wherever a run of places leaves one: so
    /// a few small ones are summed over as one.</summary>
    private void AddWeightGradients(RowBuffer gradient, Span<float> target)
    {
        int lineLength = Side * _input.Channels * _shape.Channels;
        for (int row = 0; row < gradient.Count; row += _picturesAtOnce)
        {
            int count = Math.Min(_picturesAtOnce, gradient.Count - row);
            int places = ((count - 1) * _input.PlaceCount) + _input.RunPlaces;
            ReadOnlySpan<float> slopes = gradient.Values[((row * _shape.Length) + (_shape.FirstPlace * _shape.Channels))..];
            PackedProduct.Pack(slopes, _shape.Channels, places, _shape.Channels, _packedGradients);
            for (int line = 0; line < Side; line++)
            {
                PackedProduct.MultiplyTransposed(
                    _last!.Values[((row * _input.Length) + (line * _input.RowPlaces * _input.Channels))..], _input.Channels,
                    _packedGradients, target.Slice(line * lineLength, lineLength), _shape.Channels,
                    new ProductShape(Side * _input.Channels, places, _shape.Channels), adds: true);
            }
        }
    }

    private void Pack(int line, ReadOnlySpan<float> weights, int inputs, int outputs) =>
        PackedProduct.Pack(weights, outputs, Side * inputs, outputs, Packed(line, inputs, outputs));

    private Span<float> Packed(int line, int inputs, int outputs)
    {
        int length = PackedProduct.LengthOf(Side * inputs, outputs);
        return _packed.AsSpan(line * length, length);
    }

    /// <summary>A line of the weights turned by half a turn: shape (3 · output, input).</summary>
    private void Turn(int line, ReadOnlySpan<float> weights)
    {
        int inputs = _input.Channels;
        int outputs = _shape.Channels;
        for (int place = 0; place < Side; place++)
        {
            ReadOnlySpan<float> opposite = weights[(((Side * Side) - 1 - ((line * Side) + place)) * inputs * outputs)..];
            for (int input = 0; input < inputs; input++)
            {
                for (int output = 0; output < outputs; output++)
                {
                    _turned[(((place * outputs) + output) * inputs) + input] = opposite[(input * outputs) + output];
                }
            }
        }
    }
}
