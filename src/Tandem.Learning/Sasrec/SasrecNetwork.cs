using System.Globalization;
using Tandem.Learning.Networks;

namespace Tandem.Learning.Sasrec;

/// <summary>The network between the items of a history and what is looked for next: positions, then blocks of attention and
/// a feed-forward network, each added to what came in, then a last standardisation.</summary>
internal static class SasrecNetwork
{
    /// <summary>Deviation of the first item factors and positions.</summary>
    public const double FirstDeviation = 0.02;

    private const int Widening = 4;

    /// <summary>Makes one copy of the network.</summary>
    /// <param name="layout">Places of its parameters; the same for all copies.</param>
    /// <param name="options">Settings.</param>
    public static Chain Create(ParameterLayout layout, SasrecOptions options)
    {
        int width = options.Factors;
        List<ILayer> layers =
        [
            new PositionEmbedding(layout, "positions", options.HistoryLength, width, FirstDeviation),
            new Dropout(options.Dropout, width, number: 0),
        ];
        for (int block = 0; block < options.Blocks; block++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"block{block}");
            layers.Add(new Residual(new Chain(
                new LayerNorm(layout, name + ".norm", width),
                new SelfAttention(layout, name + ".attention", width, options.Heads),
                new Dropout(options.Dropout, width, number: (3 * block) + 1))));
            layers.Add(new Residual(new Chain(
                new LayerNorm(layout, name + ".wide.norm", width),
                new Linear(layout, name + ".up", width, Widening * width),
                new Activation(ActivationFunction.Gelu, Widening * width),
                new Dropout(options.Dropout, Widening * width, number: (3 * block) + 2),
                new Linear(layout, name + ".down", Widening * width, width),
                new Dropout(options.Dropout, width, number: (3 * block) + 3))));
        }

        layers.Add(new LayerNorm(layout, "norm", width));
        return new Chain([.. layers]);
    }
}
