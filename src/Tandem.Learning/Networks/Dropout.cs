using Tandem.Numerics;

namespace Tandem.Learning.Networks;

/// <summary>While learning, sets a share of all elements to zero and scales the others up by 1 / (1 − share).</summary>
/// <remarks>What is dropped depends on the pass's seed, the layer's number and the element's place alone. Paper: Srivastava
/// et al., <em>Dropout</em>, 2014.</remarks>
internal sealed class Dropout(double share, int width, int number) : ILayer
{
    private readonly RowBuffer _output = new(width);
    private readonly RowBuffer _kept = new(width);
    private bool _drops;

    /// <inheritdoc/>
    public int InputWidth => width;

    /// <inheritdoc/>
    public int OutputWidth => width;

    /// <inheritdoc/>
    public RowBuffer Forward(RowBuffer input, LayerPass pass)
    {
        _drops = pass.IsTraining && share > 0;
        if (!_drops)
        {
            return input;
        }

        _output.CopyFrom(input);
        _kept.Resize(input.Count);
        Draw(pass.Seed);
        Kernel.MultiplyInto(_kept.Values, _output.Values);
        return _output;
    }

    /// <inheritdoc/>
    public RowBuffer Backward(RowBuffer gradient, LayerPass pass)
    {
        if (_drops)
        {
            Kernel.MultiplyInto(_kept.Values, gradient.Values);
        }

        return gradient;
    }

    /// <summary>Four elements share 64 random bits; the share is rounded to a multiple of 2⁻¹⁶.</summary>
    private void Draw(ulong seed)
    {
        Span<float> kept = _kept.Values;
        SeededRandom random = new(seed, (ulong)number + 1);
        int threshold = (int)Math.Round(share * 65536);
        float scale = 1 / (1 - (threshold / 65536f));
        ulong bits = 0;
        for (int i = 0; i < kept.Length; i++)
        {
            bits = i % 4 == 0 ? random.NextBits() : bits >> 16;
            kept[i] = (int)(bits & 0xFFFF) < threshold ? 0 : scale;
        }
    }
}
