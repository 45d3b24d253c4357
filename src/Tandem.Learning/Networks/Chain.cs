namespace Tandem.Learning.Networks;

/// <summary>Layers one after another.</summary>
internal sealed class Chain(params ILayer[] layers) : ILayer
{
    /// <inheritdoc/>
    public int InputWidth => layers[0].InputWidth;

    /// <inheritdoc/>
    public int OutputWidth => layers[^1].OutputWidth;

    /// <inheritdoc/>
    public RowBuffer Forward(RowBuffer input, LayerPass pass)
    {
        RowBuffer rows = input;
        foreach (ILayer layer in layers)
        {
            rows = layer.Forward(rows, pass);
        }

        return rows;
    }

    /// <inheritdoc/>
    public RowBuffer Backward(RowBuffer gradient, LayerPass pass)
    {
        RowBuffer rows = gradient;
        for (int layer = layers.Length - 1; layer >= 0; layer--)
        {
            rows = layers[layer].Backward(rows, pass);
        }

        return rows;
    }
}
