using Tandem.Learning.Networks;

namespace Tandem.Learning.TwoTower;

/// <summary>The parameters of what turns everything known of a user, or of an item, into a vector: embeddings, whose
/// weighted sum goes in, hidden layers with ReLU and a linear layer behind them.</summary>
internal sealed class Tower
{
    private readonly ParameterLayout _layout;
    private readonly int[] _widths;

    private Tower(int[] widths, bool normalises, Func<Tower, (EmbeddingTable Table, float[] Parameters)> fill)
    {
        _widths = widths;
        Normalises = normalises;
        _layout = new ParameterLayout();
        _ = MakeNetwork();
        (Table, Parameters) = fill(this);
    }

    /// <summary>Embeddings, shape (inputs, factors).</summary>
    public EmbeddingTable Table { get; }

    /// <summary>Weights and biases of the layers.</summary>
    public float[] Parameters { get; }

    /// <summary>True where vectors get length 1.</summary>
    public bool Normalises { get; }

    /// <summary>Length of the vectors and the embeddings.</summary>
    public int Factors => _widths[0];

    /// <summary>Hidden layers.</summary>
    public int Layers => Math.Max(0, _widths.Length - 2);

    /// <summary>Width of a hidden layer; 0 without one.</summary>
    public int Hidden => Layers > 0 ? _widths[1] : 0;

    /// <summary>Draws a new tower: embeddings with deviation 1/√factors, weights as He and others say (2015), no
    /// biases.</summary>
    public static Tower Draw(int inputCount, TwoTowerOptions options, ulong seed, ulong stream) => new(
        WidthsOf(options), options.Normalise,
        tower => (
            new EmbeddingTable(inputCount, options.Factors, 1 / Math.Sqrt(options.Factors), seed, 2 * stream),
            tower._layout.Draw(seed + stream)));

    /// <summary>Makes a tower of what was saved.</summary>
    /// <param name="table">Its embeddings.</param>
    /// <param name="options">Its sizes.</param>
    /// <param name="parameters">Gives its weights and biases, by how many they are.</param>
    public static Tower Of(EmbeddingTable table, TwoTowerOptions options, Func<int, float[]> parameters) => new(
        WidthsOf(options), options.Normalise, tower => (table, parameters(tower._layout.Length)));

    /// <summary>The same layers over other embeddings.</summary>
    public Tower With(EmbeddingTable table) => new(_widths, Normalises, _ => (table, Parameters));

    /// <summary>The layers for one block of rows; null where the sum of embeddings is the vector.</summary>
    public Chain? MakeNetwork()
    {
        List<ILayer> layers = [];
        for (int layer = 1; layer < _widths.Length; layer++)
        {
            bool isLast = layer == _widths.Length - 1;
            layers.Add(new Linear(
                _layout, $"layer{layer}", _widths[layer - 1], _widths[layer],
                Math.Sqrt((isLast ? 1.0 : 2.0) / _widths[layer - 1])));
            if (!isLast)
            {
                layers.Add(new Activation(ActivationFunction.Relu, _widths[layer]));
            }
        }

        return layers.Count == 0 ? null : new Chain([.. layers]);
    }

    private static int[] WidthsOf(TwoTowerOptions options) => options.Layers == 0
        ? [options.Factors]
        : [options.Factors, .. Enumerable.Repeat(options.Hidden, options.Layers), options.Factors];
}
