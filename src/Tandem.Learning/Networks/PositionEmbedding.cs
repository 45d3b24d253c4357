using Tandem.Numerics;

namespace Tandem.Learning.Networks;

/// <summary>Adds a learned row to every row of a sequence by its distance from the sequence's end.</summary>
internal sealed class PositionEmbedding : ILayer
{
    private readonly Parameter _positions;
    private readonly RowBuffer _output;

    /// <summary>Takes its parameters' place; no sequence may be longer than <paramref name="longest"/>.</summary>
    public PositionEmbedding(ParameterLayout layout, string name, int longest, int width, double deviation)
    {
        _positions = layout.Take(name, longest, width, deviation);
        _output = new RowBuffer(width);
    }

    /// <inheritdoc/>
    public int InputWidth => _positions.ColumnCount;

    /// <inheritdoc/>
    public int OutputWidth => _positions.ColumnCount;

    /// <inheritdoc/>
    public RowBuffer Forward(RowBuffer input, LayerPass pass)
    {
        _output.CopyFrom(input);
        Span<float> positions = _positions.In(pass.Parameters);
        for (int sequence = 0; sequence < pass.SequenceCount; sequence++)
        {
            int end = pass.Starts[sequence + 1];
            for (int row = pass.Starts[sequence]; row < end; row++)
            {
                Kernel.AddScaled(1, positions.Slice((end - 1 - row) * InputWidth, InputWidth), _output.Row(row));
            }
        }

        return _output;
    }

    /// <inheritdoc/>
    public RowBuffer Backward(RowBuffer gradient, LayerPass pass)
    {
        Span<float> positions = _positions.In(pass.Gradients);
        for (int sequence = 0; sequence < pass.SequenceCount; sequence++)
        {
            int end = pass.Starts[sequence + 1];
            for (int row = pass.Starts[sequence]; row < end; row++)
            {
                Kernel.AddScaled(1, gradient.Row(row), positions.Slice((end - 1 - row) * InputWidth, InputWidth));
            }
        }

        return gradient;
    }
}
