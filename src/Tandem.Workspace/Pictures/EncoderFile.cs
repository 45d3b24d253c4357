using System.Globalization;
using Tandem.Inference.Onnx;
using Tandem.Inference.Pictures;
using Tandem.Learning.Pictures;

namespace Tandem.Workspace.Pictures;

/// <summary>A network of pictures as an ONNX file, for any program that runs such files: the encoder <c>image</c> of
/// tandem.yaml among them.</summary>
/// <remarks>It takes what most public encoders take: (rows, 3, size, size), red, green and blue scaled as for ImageNet. The
/// first node undoes that scaling, so nobody has to name another.</remarks>
public static class EncoderFile
{
    // Of red, green and blue, as the luma of ITU-R BT.601.
    private static readonly float[] Luma = [0.299f, 0.587f, 0.114f];

    /// <summary>Writes a network.</summary>
    /// <param name="network">The network.</param>
    /// <returns>The file.</returns>
    public static byte[] Write(PictureNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        OnnxWriter writer = new OnnxWriter()
            .Input("pictures", OnnxElement.Float32, -1, 3, network.Size, network.Size)
            .Output("embeddings", OnnxElement.Float32, -1, network.Length);
        AddDarkness(writer, network.Channels);
        int channels = network.Channels;
        for (int block = 0; block < network.Widths.Count; block++)
        {
            AddBlock(writer, network, block, channels);
            channels = network.Widths[block];
        }

        int side = network.LastSide;
        return writer
            .Weights(
                "embedding.weights", Exchange(network.Parameters("embedding.weights"), side * side, channels, network.Length),
                channels * side * side, network.Length)
            .Weights("embedding.bias", network.Parameters("embedding.bias"), network.Length)
            .Node("Flatten", [Last(network.Widths.Count)], "flat")
            .Node("Gemm", ["flat", "embedding.weights", "embedding.bias"], "embedding")
            .Node("LpNormalization", ["embedding"], "embeddings", ("p", 2L))
            .ToBytes();
    }

    /// <summary>Grey as the network sees it while it learns.</summary>
    /// <param name="rgb">Red, green and blue of each pixel.</param>
    /// <param name="grey">Receives a byte a pixel.</param>
    internal static void ToGrey(ReadOnlySpan<byte> rgb, Span<byte> grey)
    {
        for (int i = 0; i < grey.Length; i++)
        {
            grey[i] = (byte)MathF.Round(
                (Luma[0] * rgb[3 * i]) + (Luma[1] * rgb[(3 * i) + 1]) + (Luma[2] * rgb[(3 * i) + 2]));
        }
    }

    /// <summary>From the numbers of ImageNet's scale to how dark a place is: 1 − v, where v = mean + deviation · number is
    /// between 0 and 1.</summary>
    private static void AddDarkness(OnnxWriter writer, int channels)
    {
        PictureChannel[] colours = [PictureScale.ImageNet.Red, PictureScale.ImageNet.Green, PictureScale.ImageNet.Blue];
        float[] weights = new float[channels * 3];
        float[] bias = new float[channels];
        for (int channel = 0; channel < channels; channel++)
        {
            bias[channel] = 1;
            for (int colour = 0; colour < 3; colour++)
            {
                float share = channels == 1 ? Luma[colour] : colour == channel ? 1 : 0;
                weights[(channel * 3) + colour] = -share * colours[colour].Deviation;
                bias[channel] -= share * colours[colour].Mean;
            }
        }

        writer.Weights("darkness.weights", weights, channels, 3, 1, 1).Weights("darkness.bias", bias, channels)
            .Node("Conv", ["pictures", "darkness.weights", "darkness.bias"], Last(0));
    }

    private static void AddBlock(OnnxWriter writer, PictureNetwork network, int block, int channels)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"block{block}");
        int width = network.Widths[block];

        // From (place, input, output) to (output, input, place).
        ReadOnlySpan<float> weights = network.Parameters(name + ".weights");
        float[] turned = new float[weights.Length];
        for (int at = 0; at < weights.Length; at++)
        {
            (int row, int output) = Math.DivRem(at, width);
            (int place, int input) = Math.DivRem(row, channels);
            turned[(((output * channels) + input) * 9) + place] = weights[at];
        }

        writer.Weights(name + ".weights", turned, width, channels, 3, 3)
            .Node("Conv", [Last(block), name + ".weights"], name + ".sums", [("pads", [1L, 1, 1, 1])])
            .Node("MaxPool", [name + ".sums"], name + ".pooled", [("kernel_shape", [2L, 2]), ("strides", [2L, 2])]);
        string[] norms = [name + ".norm.gain", name + ".norm.bias", name + ".norm.means", name + ".norm.variances"];
        foreach (string norm in norms)
        {
            writer.Weights(norm, network.Parameters(norm), width);
        }

        writer.Node("BatchNormalization", [name + ".pooled", .. norms], name + ".normal")
            .Node("Relu", [name + ".normal"], Last(block + 1));
    }

    private static string Last(int block) => string.Create(CultureInfo.InvariantCulture, $"places{block}");

    /// <summary>From (place, channel, length) to (channel, place, length).</summary>
    private static float[] Exchange(ReadOnlySpan<float> weights, int places, int channels, int length)
    {
        float[] exchanged = new float[weights.Length];
        for (int row = 0; row < places * channels; row++)
        {
            (int place, int channel) = Math.DivRem(row, channels);
            weights.Slice(row * length, length).CopyTo(exchanged.AsSpan(((channel * places) + place) * length));
        }

        return exchanged;
    }
}
