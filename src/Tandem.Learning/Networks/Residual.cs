using Tandem.Numerics;

namespace Tandem.Learning.Networks;

/// <summary>y = x + f(x).</summary>
internal sealed class Residual(ILayer inner) : ILayer
{
    private readonly RowBuffer _output = new(inner.OutputWidth);
    private readonly RowBuffer _innerGradient = new(inner.OutputWidth);

    /// <inheritdoc/>
    public int InputWidth => inner.InputWidth;

    /// <inheritdoc/>
    public int OutputWidth => inner.OutputWidth;

    /// <inheritdoc/>
    public RowBuffer Forward(RowBuffer input, LayerPass pass)
    {
        _output.CopyFrom(inner.Forward(input, pass));
        Kernel.AddScaled(1, input.Values, _output.Values);
        return _output;
    }

    /// <inheritdoc/>
    public RowBuffer Backward(RowBuffer gradient, LayerPass pass)
    {
        _innerGradient.CopyFrom(gradient);
        Kernel.AddScaled(1, inner.Backward(_innerGradient, pass).Values, gradient.Values);
        return gradient;
    }
}
