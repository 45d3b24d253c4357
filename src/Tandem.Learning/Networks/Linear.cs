using Tandem.Numerics;

namespace Tandem.Learning.Networks;

/// <summary>y = x·W + b, with W of shape (input, output).</summary>
internal sealed class Linear : ILayer
{
    private readonly Parameter _weights;
    private readonly Parameter? _bias;
    private readonly RowBuffer _output;
    private readonly RowBuffer _inputGradient;
    private RowBuffer? _input;

    /// <summary>Takes its parameters' places.</summary>
    /// <param name="layout">Where.</param>
    /// <param name="name">Under which name.</param>
    /// <param name="inputWidth">Length of x.</param>
    /// <param name="outputWidth">Length of y.</param>
    /// <param name="deviation">Standard deviation of the first weights; by default √(2 / (input + output)), after Glorot
    /// and Bengio, 2010.</param>
    /// <param name="hasBias">False to leave b out.</param>
    public Linear(
        ParameterLayout layout, string name, int inputWidth, int outputWidth, double? deviation = null,
        bool hasBias = true)
    {
        _weights = layout.Take(
            name + ".weights", inputWidth, outputWidth, deviation ?? Math.Sqrt(2.0 / (inputWidth + outputWidth)));
        _bias = hasBias ? layout.Take(name + ".bias", 1, outputWidth) : null;
        _output = new RowBuffer(outputWidth);
        _inputGradient = new RowBuffer(inputWidth);
    }

    /// <inheritdoc/>
    public int InputWidth => _weights.RowCount;

    /// <inheritdoc/>
    public int OutputWidth => _weights.ColumnCount;

    /// <inheritdoc/>
    public RowBuffer Forward(RowBuffer input, LayerPass pass)
    {
        _input = input;
        _output.Resize(input.Count);
        MatrixView weights = new(_weights.In(pass.Parameters), InputWidth, OutputWidth);
        if (_bias is null)
        {
            MatrixProduct.Multiply(input.View, weights, _output.Values);
            return _output;
        }

        Span<float> bias = _bias.In(pass.Parameters);
        for (int row = 0; row < input.Count; row++)
        {
            bias.CopyTo(_output.Row(row));
        }

        MatrixProduct.Add(input.View, weights, _output.Values);
        return _output;
    }

    /// <inheritdoc/>
    /// <remarks>dW += xᵀ·dy, db += Σ dy, dx = dy·Wᵀ.</remarks>
    public RowBuffer Backward(RowBuffer gradient, LayerPass pass)
    {
        MatrixProduct.Add(_input!.View.Transposed, gradient.View, _weights.In(pass.Gradients));
        if (_bias is not null)
        {
            Span<float> bias = _bias.In(pass.Gradients);
            for (int row = 0; row < gradient.Count; row++)
            {
                Kernel.AddScaled(1, gradient.Row(row), bias);
            }
        }

        _inputGradient.Resize(gradient.Count);
        MatrixProduct.Multiply(
            gradient.View, new MatrixView(_weights.In(pass.Parameters), InputWidth, OutputWidth).Transposed,
            _inputGradient.Values);
        return _inputGradient;
    }
}
