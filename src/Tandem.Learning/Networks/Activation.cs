using System.Diagnostics;
using Tandem.Numerics;

namespace Tandem.Learning.Networks;

/// <summary>A function of every element.</summary>
internal sealed class Activation(ActivationFunction function, int width) : ILayer
{
    private readonly RowBuffer _output = new(width);
    private RowBuffer? _input;

    /// <inheritdoc/>
    public int InputWidth => width;

    /// <inheritdoc/>
    public int OutputWidth => width;

    /// <inheritdoc/>
    public RowBuffer Forward(RowBuffer input, LayerPass pass)
    {
        _input = input;
        _output.Resize(input.Count);
        switch (function)
        {
            case ActivationFunction.Relu:
                Kernel.Relu(input.Values, _output.Values);
                break;
            case ActivationFunction.Gelu:
                Kernel.Gelu(input.Values, _output.Values);
                break;
            case ActivationFunction.Tanh:
                Kernel.Tanh(input.Values, _output.Values);
                break;
            case ActivationFunction.Sigmoid:
                Kernel.Sigmoid(input.Values, _output.Values);
                break;
            default:
                throw new UnreachableException();
        }

        return _output;
    }

    /// <inheritdoc/>
    public RowBuffer Backward(RowBuffer gradient, LayerPass pass)
    {
        ReadOnlySpan<float> x = _input!.Values;
        switch (function)
        {
            case ActivationFunction.Relu:
                Kernel.ReluBackward(x, gradient.Values);
                break;
            case ActivationFunction.Gelu:
                Kernel.GeluBackward(x, gradient.Values);
                break;
            case ActivationFunction.Tanh:
                Kernel.TanhBackward(x, gradient.Values);
                break;
            case ActivationFunction.Sigmoid:
                Kernel.SigmoidBackward(x, gradient.Values);
                break;
            default:
                throw new UnreachableException();
        }

        return gradient;
    }
}
