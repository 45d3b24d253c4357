using Tandem.Numerics;

namespace Tandem.Learning.Networks;

/// <summary>Layers of crossed features: xₙ₊₁ = x₀ ∘ (xₙ·Wₙ + bₙ) + xₙ.</summary>
/// <remarks>Paper: Wang et al., <em>DCN V2: Improved Deep and Cross Network</em>, 2021.</remarks>
internal sealed class CrossNetwork : ILayer
{
    private readonly Linear[] _linear;
    private readonly RowBuffer[] _crossed;
    private readonly RowBuffer[] _output;
    private readonly RowBuffer _product;
    private readonly RowBuffer _firstGradient;
    private RowBuffer? _first;

    public CrossNetwork(ParameterLayout layout, string name, int width, int layerCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layerCount, 1);
        _linear = new Linear[layerCount];
        _crossed = new RowBuffer[layerCount];
        _output = new RowBuffer[layerCount];
        for (int layer = 0; layer < layerCount; layer++)
        {
            _linear[layer] = new Linear(layout, string.Create(null, $"{name}.{layer}"), width, width);
            _output[layer] = new RowBuffer(width);
        }

        _product = new RowBuffer(width);
        _firstGradient = new RowBuffer(width);
    }

    /// <inheritdoc/>
    public int InputWidth => _product.Width;

    /// <inheritdoc/>
    public int OutputWidth => _product.Width;

    /// <inheritdoc/>
    public RowBuffer Forward(RowBuffer input, LayerPass pass)
    {
        _first = input;
        RowBuffer rows = input;
        for (int layer = 0; layer < _linear.Length; layer++)
        {
            _crossed[layer] = _linear[layer].Forward(rows, pass);
            RowBuffer output = _output[layer];
            output.CopyFrom(_crossed[layer]);
            Kernel.MultiplyInto(input.Values, output.Values);
            Kernel.AddScaled(1, rows.Values, output.Values);
            rows = output;
        }

        return rows;
    }

    /// <inheritdoc/>
    public RowBuffer Backward(RowBuffer gradient, LayerPass pass)
    {
        _firstGradient.Resize(gradient.Count);
        _firstGradient.Values.Clear();
        for (int layer = _linear.Length - 1; layer >= 0; layer--)
        {
            _product.CopyFrom(gradient);
            Kernel.MultiplyInto(_crossed[layer].Values, _product.Values);
            Kernel.AddScaled(1, _product.Values, _firstGradient.Values);
            _product.CopyFrom(gradient);
            Kernel.MultiplyInto(_first!.Values, _product.Values);
            Kernel.AddScaled(1, _linear[layer].Backward(_product, pass).Values, gradient.Values);
        }

        Kernel.AddScaled(1, _firstGradient.Values, gradient.Values);
        return gradient;
    }
}
