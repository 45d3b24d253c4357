using Tandem.Learning.Inputs;
using Tandem.Learning.Networks;
using Tandem.Numerics;

namespace Tandem.Learning.TwoTower;

/// <summary>Adagrad on the parameters of a tower. Of the embeddings, only rows that were met move.</summary>
/// <remarks>Gradients of blocks are added up in their order: the same bytes for any thread count. Paper: Duchi, Hazan and
/// Singer, <em>Adaptive Subgradient Methods</em>, 2011.</remarks>
internal sealed class TowerOptimiser
{
    private readonly Tower _tower;
    private readonly TowerBlock[] _blocks;
    private readonly double _rate;
    private readonly Optimiser _layers;
    private readonly Optimiser _table;
    private readonly RowGradients _rows;

    /// <param name="tower">The tower.</param>
    /// <param name="blocks">They hold the gradients.</param>
    /// <param name="rate">Learning rate.</param>
    public TowerOptimiser(Tower tower, TowerBlock[] blocks, double rate)
    {
        OptimiserOptions options = new() { Kind = OptimiserKind.Adagrad, Epsilon = 1e-10f, InitialSum = 0 };
        _tower = tower;
        _blocks = blocks;
        _rate = rate;
        _layers = new Optimiser(options, tower.Parameters.Length);
        _table = new Optimiser(options, tower.Table.Rows.Values.Length);
        _rows = new RowGradients(tower.Table.Rows.RowCount, tower.Factors);
    }

    /// <summary>Begins a step.</summary>
    public void Begin()
    {
        _layers.Begin(_rate);
        _table.Begin(_rate);
    }

    /// <summary>Moves the weights and biases.</summary>
    /// <param name="blockCount">Blocks of the step.</param>
    public void UpdateLayers(int blockCount)
    {
        float[] total = _blocks[0].Gradients;
        for (int block = 1; block < blockCount; block++)
        {
            Kernel.AddScaled(1, _blocks[block].Gradients, total);
        }

        _layers.Update(_tower.Parameters, 0, total, decays: false);
    }

    /// <summary>Moves the embeddings of one of the parts of <see cref="RowGradients"/>.</summary>
    /// <param name="part">The part.</param>
    /// <param name="blockCount">Blocks of the step.</param>
    public void UpdateTable(int part, int blockCount)
    {
        _rows.Clear(part);
        for (int block = 0; block < blockCount; block++)
        {
            EntryRows entries = _blocks[block].Entries;
            _rows.AddSums(part, entries.Columns, entries.Values, entries.Starts, _blocks[block].SumSlopes);
        }

        _rows.Apply(part, _tower.Table, _table);
    }

    /// <summary>Sets embeddings that never moved to zero: what was drawn for them means nothing.</summary>
    public void ClearUnmet()
    {
        for (int row = 0; row < _tower.Table.Rows.RowCount; row++)
        {
            if (!_table.Squares.AsSpan(row * _tower.Factors, _tower.Factors).ContainsAnyExcept(0f))
            {
                _tower.Table.Rows.Row(row).Clear();
            }
        }
    }
}
