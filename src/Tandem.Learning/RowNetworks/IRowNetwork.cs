using Tandem.Learning.Networks;

namespace Tandem.Learning.RowNetworks;

/// <summary>A network over rows of features, with its derivative written out: factorisation machines, and the deep and cross
/// network. It keeps what its backward pass needs, so each block of a batch has its own copy; a table with one row for each
/// input, and the other parameters, are shared.</summary>
internal interface IRowNetwork
{
    /// <summary>Scores a row.</summary>
    int OutputCount { get; }

    /// <summary>Length of the table's rows.</summary>
    int TableWidth { get; }

    /// <summary>Inputs of the block's rows, as often as they were met.</summary>
    ReadOnlySpan<int> Ids { get; }

    /// <summary>Gradient of the table's row of each of <see cref="Ids"/>.</summary>
    RowBuffer IdGradients { get; }

    /// <summary>Draws the first rows of the table.</summary>
    EmbeddingTable DrawTable(ulong seed);

    /// <summary>Begins another block.</summary>
    void Clear();

    /// <summary>Adds a row to the block.</summary>
    void Add(in FeatureRows rows, int row);

    /// <summary>Computes the scores of the block.</summary>
    /// <returns>The network's own rows, of <see cref="OutputCount"/>.</returns>
    RowBuffer Forward(EmbeddingTable table, LayerPass pass);

    /// <summary>Computes <see cref="IdGradients"/> and adds to <see cref="LayerPass.Gradients"/>.</summary>
    /// <param name="slopes">Gradient of the scores; may be overwritten.</param>
    /// <param name="table">The table.</param>
    /// <param name="pass">Parameters and the like.</param>
    void Backward(RowBuffer slopes, EmbeddingTable table, LayerPass pass);
}
