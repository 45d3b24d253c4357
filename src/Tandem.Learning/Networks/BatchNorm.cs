using Tandem.Numerics;

namespace Tandem.Learning.Networks;

/// <summary>Standardises every channel over the pictures of a block, then scales and moves it: y = g·(x − mean) /
/// √(variance + ε) + b. Once learned, by means and variances that are kept among the parameters.</summary>
/// <remarks>A block is a fixed part of a batch, so the numbers do not depend on how blocks are spread over threads. Papers:
/// Ioffe and Szegedy, <em>Batch Normalization</em>, 2015; Hoffer and others, <em>Train longer, generalize better</em>, 2017
/// (parts of a batch).</remarks>
internal sealed class BatchNorm : ILayer
{
    /// <summary>ε.</summary>
    public const float Epsilon = 1e-5f;

    private readonly PictureShape _shape;
    private readonly Parameter _gain;
    private readonly Parameter _bias;
    private readonly Parameter _means;
    private readonly Parameter _variances;
    private readonly RowBuffer _output;
    private readonly float[] _factors;
    private readonly float[] _shifts;
    private readonly float[] _slopes;
    private readonly float[] _none;
    private readonly float[] _sums;
    private readonly float[] _products;
    private readonly double[] _gradientSums;
    private readonly double[] _gradientProducts;
    private RowBuffer? _last;

    public BatchNorm(ParameterLayout layout, string name, PictureShape shape)
    {
        _shape = shape;
        _gain = layout.Take(name + ".gain", 1, shape.Channels, centre: 1);
        _bias = layout.Take(name + ".bias", 1, shape.Channels);
        _means = layout.Take(name + ".means", 1, shape.Channels);
        _variances = layout.Take(name + ".variances", 1, shape.Channels, centre: 1);
        _output = new RowBuffer(shape.Length);
        _factors = new float[shape.Channels];
        _shifts = new float[shape.Channels];
        _slopes = new float[shape.Channels];
        _none = new float[shape.Channels];
        _sums = new float[shape.Channels];
        _products = new float[shape.Channels];
        _gradientSums = new double[shape.Channels];
        _gradientProducts = new double[shape.Channels];
        BlockMeans = new double[shape.Channels];
        BlockVariances = new double[shape.Channels];
    }

    /// <summary>Means of the last block that was learned from.</summary>
    public double[] BlockMeans { get; }

    /// <summary>Variances of the last block that was learned from.</summary>
    public double[] BlockVariances { get; }

    /// <inheritdoc/>
    public int InputWidth => _shape.Length;

    /// <inheritdoc/>
    public int OutputWidth => _shape.Length;

    /// <summary>Where the means for use after learning lie.</summary>
    public Parameter Means => _means;

    /// <summary>Where the variances for use after learning lie.</summary>
    public Parameter Variances => _variances;

    /// <inheritdoc/>
    public RowBuffer Forward(RowBuffer input, LayerPass pass)
    {
        _last = input;
        _output.Resize(input.Count);
        if (pass.IsTraining)
        {
            Measure(input);
        }

        ReadOnlySpan<float> gain = _gain.In(pass.Parameters);
        ReadOnlySpan<float> bias = _bias.In(pass.Parameters);
        for (int channel = 0; channel < _shape.Channels; channel++)
        {
            double mean = pass.IsTraining ? BlockMeans[channel] : _means.In(pass.Parameters)[channel];
            double variance = pass.IsTraining ? BlockVariances[channel] : _variances.In(pass.Parameters)[channel];
            double factor = gain[channel] / Math.Sqrt(variance + Epsilon);
            _factors[channel] = (float)factor;
            _shifts[channel] = (float)(bias[channel] - (mean * factor));
        }

        for (int row = 0; row < input.Count; row++)
        {
            for (int y = 0; y < _shape.Height; y++)
            {
                Kernel.ScaleAndShiftColumns(
                    _factors, _shape.Row(input.Row(row), y), _shifts, _shape.Row(_output.Row(row), y));
            }
        }

        return _output;
    }

    /// <inheritdoc/>
    /// <remarks>With z the standardised x: dg = Σ dy·z, db = Σ dy, dx = g·(dy − mean(dy) − z·mean(dy·z)) / deviation; sums of
    /// dy·x give those of dy·z.</remarks>
    public RowBuffer Backward(RowBuffer gradient, LayerPass pass)
    {
        Span<float> gainGradient = _gain.In(pass.Gradients);
        Span<float> biasGradient = _bias.In(pass.Gradients);
        Sum(gradient, _last!, _gradientSums, _gradientProducts);
        double count = (double)gradient.Count * _shape.Area;
        for (int channel = 0; channel < _shape.Channels; channel++)
        {
            double inverse = 1 / Math.Sqrt(BlockVariances[channel] + Epsilon);
            double along = (_gradientProducts[channel] - (BlockMeans[channel] * _gradientSums[channel])) * inverse;
            gainGradient[channel] += (float)along;
            biasGradient[channel] += (float)_gradientSums[channel];
            double slope = -_factors[channel] * inverse * along / count;
            _slopes[channel] = (float)slope;
            _shifts[channel] = (float)(
                (-_factors[channel] * _gradientSums[channel] / count) - (slope * BlockMeans[channel]));
        }

        // dx = factor·dy + slope·x + shift; the output is not needed any more.
        for (int row = 0; row < gradient.Count; row++)
        {
            for (int y = 0; y < _shape.Height; y++)
            {
                Span<float> slopes = _shape.Row(gradient.Row(row), y);
                Span<float> spent = _shape.Row(_output.Row(row), y);
                Kernel.ScaleAndShiftColumns(_slopes, _shape.Row(_last!.Row(row), y), _shifts, spent);
                Kernel.ScaleAndShiftColumns(_factors, slopes, _none, slopes);
                Kernel.AddScaled(1, spent, slopes);
            }
        }

        return gradient;
    }

    private void Measure(RowBuffer input)
    {
        Sum(input, input, BlockMeans, BlockVariances);
        double count = (double)input.Count * _shape.Area;
        for (int channel = 0; channel < _shape.Channels; channel++)
        {
            double mean = BlockMeans[channel] / count;
            BlockMeans[channel] = mean;
            BlockVariances[channel] = Math.Max(0, (BlockVariances[channel] / count) - (mean * mean));
        }
    }

    /// <summary>Σ x and Σ x·y of every channel: in float32 over a picture, in float64 over the block.</summary>
    private void Sum(RowBuffer x, RowBuffer y, double[] sums, double[] products)
    {
        Array.Clear(sums);
        Array.Clear(products);
        for (int row = 0; row < x.Count; row++)
        {
            Array.Clear(_sums);
            Array.Clear(_products);
            for (int line = 0; line < _shape.Height; line++)
            {
                Kernel.AddColumns(_shape.Row(x.Row(row), line), _sums);
                Kernel.AddColumnProducts(_shape.Row(x.Row(row), line), _shape.Row(y.Row(row), line), _products);
            }

            for (int channel = 0; channel < _shape.Channels; channel++)
            {
                sums[channel] += _sums[channel];
                products[channel] += _products[channel];
            }
        }
    }
}
