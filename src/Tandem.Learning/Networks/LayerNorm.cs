using Tandem.Numerics;

namespace Tandem.Learning.Networks;

/// <summary>Standardises every row, then scales and moves each column: y = g ∘ (x − mean) / √(variance + ε) + b.</summary>
/// <remarks>Paper: Ba, Kiros and Hinton, <em>Layer Normalization</em>, 2016.</remarks>
internal sealed class LayerNorm : ILayer
{
    private const float Epsilon = 1e-5f;

    private readonly Parameter _gain;
    private readonly Parameter _bias;
    private readonly RowBuffer _output;
    private readonly RowBuffer _standard;
    private readonly RowBuffer _inverse = new(1);

    public LayerNorm(ParameterLayout layout, string name, int width)
    {
        _gain = layout.Take(name + ".gain", 1, width, centre: 1);
        _bias = layout.Take(name + ".bias", 1, width);
        _output = new RowBuffer(width);
        _standard = new RowBuffer(width);
    }

    /// <inheritdoc/>
    public int InputWidth => _gain.ColumnCount;

    /// <inheritdoc/>
    public int OutputWidth => _gain.ColumnCount;

    /// <inheritdoc/>
    public RowBuffer Forward(RowBuffer input, LayerPass pass)
    {
        Span<float> gain = _gain.In(pass.Parameters);
        Span<float> bias = _bias.In(pass.Parameters);
        _standard.CopyFrom(input);
        _output.Resize(input.Count);
        _inverse.Resize(input.Count);
        for (int row = 0; row < input.Count; row++)
        {
            Span<float> standard = _standard.Row(row);
            Kernel.ScaleAndShift(1, -Kernel.Sum(standard) / standard.Length, standard);
            float inverse = 1 / MathF.Sqrt((Kernel.Dot(standard, standard) / standard.Length) + Epsilon);
            Kernel.Scale(inverse, standard);
            _inverse.Values[row] = inverse;
            Span<float> output = _output.Row(row);
            gain.CopyTo(output);
            Kernel.MultiplyInto(standard, output);
            Kernel.AddScaled(1, bias, output);
        }

        return _output;
    }

    /// <inheritdoc/>
    /// <remarks>With z the standardised row and u = g ∘ dy: dx = (u − mean(u) − z·mean(u ∘ z)) / deviation.</remarks>
    public RowBuffer Backward(RowBuffer gradient, LayerPass pass)
    {
        Span<float> gain = _gain.In(pass.Parameters);
        Span<float> gainGradient = _gain.In(pass.Gradients);
        Span<float> biasGradient = _bias.In(pass.Gradients);
        for (int row = 0; row < gradient.Count; row++)
        {
            Span<float> u = gradient.Row(row);
            Span<float> standard = _standard.Row(row);
            Span<float> spent = _output.Row(row);
            Kernel.AddScaled(1, u, biasGradient);
            u.CopyTo(spent);
            Kernel.MultiplyInto(standard, spent);
            Kernel.AddScaled(1, spent, gainGradient);

            Kernel.MultiplyInto(gain, u);
            float along = Kernel.Dot(u, standard) / u.Length;
            float inverse = _inverse.Values[row];
            float mean = Kernel.Sum(u) / u.Length;
            Kernel.AddScaled(-along, standard, u);
            Kernel.ScaleAndShift(inverse, -mean * inverse, u);
        }

        return gradient;
    }
}
