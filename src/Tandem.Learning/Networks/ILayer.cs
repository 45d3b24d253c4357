namespace Tandem.Learning.Networks;

/// <summary>One step of a network, with its derivative written out. A layer keeps what its backward pass needs, so each
/// block of a batch has its own copy; parameters are shared.</summary>
internal interface ILayer
{
    /// <summary>Length of the rows that go in.</summary>
    int InputWidth { get; }

    /// <summary>Length of the rows that come out.</summary>
    int OutputWidth { get; }

    /// <summary>Computes the output of a block.</summary>
    /// <param name="input">Rows; must stay as they are until the backward pass.</param>
    /// <param name="pass">Parameters and the like.</param>
    /// <returns>The layer's own rows, written anew by the next call.</returns>
    RowBuffer Forward(RowBuffer input, LayerPass pass);

    /// <summary>Computes the gradient of the input of the last <see cref="Forward"/>, and adds that of the parameters to
    /// <see cref="LayerPass.Gradients"/>.</summary>
    /// <param name="gradient">Gradient of the output; may be overwritten.</param>
    /// <param name="pass">Parameters and the like.</param>
    /// <returns>Gradient of the input; the layer's own rows, or those of <paramref name="gradient"/>.</returns>
    RowBuffer Backward(RowBuffer gradient, LayerPass pass);
}
