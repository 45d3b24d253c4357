using System.Globalization;
using Tandem.Learning.Networks;

namespace Tandem.Learning.Pictures;

/// <summary>One copy of a network of pictures: blocks of convolution, pooling, normalisation and rectifier, then a product
/// and the scaling to length 1.</summary>
internal sealed class PictureLayers
{
    /// <summary>Makes a copy.</summary>
    /// <param name="layout">Places of its parameters; the same for all copies.</param>
    /// <param name="options">Size, widths and length.</param>
    /// <param name="channels">Channels of the pictures.</param>
    public PictureLayers(ParameterLayout layout, PictureNetworkOptions options, int channels)
    {
        Input = new PictureShape(channels, options.Size, options.Size);
        PictureShape shape = Input;
        List<ILayer> layers = [];
        for (int block = 0; block < options.Widths.Count; block++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"block{block}");
            Convolution convolution = new(layout, name + ".weights", shape, options.Widths[block], isFirst: block == 0);
            MaxPooling pooling = new(convolution.Output);
            shape = pooling.Output;
            BatchNorm norm = new(layout, name + ".norm", shape);
            Norms.Add(norm);
            layers.AddRange([convolution, pooling, norm, new Activation(ActivationFunction.Relu, shape.Length)]);
        }

        Flattening flattening = new(shape);
        layers.AddRange(
        [
            flattening,
            new Linear(layout, "embedding", flattening.OutputWidth, options.Length),
            new UnitLength(options.Length),
        ]);
        Chain = new Chain([.. layers]);
        Output = shape;
    }

    /// <summary>Shape of the pictures that go in.</summary>
    public PictureShape Input { get; }

    /// <summary>Shape of the pictures after the last block.</summary>
    public PictureShape Output { get; }

    /// <summary>The whole network.</summary>
    public Chain Chain { get; }

    /// <summary>Its normalisations, block by block.</summary>
    public List<BatchNorm> Norms { get; } = [];
}
