using Tandem.Learning.Networks;
using Tandem.Numerics;

namespace Tandem.Learning.Pictures;

/// <summary>One block of a batch: its own copy of the network and its own gradients.</summary>
internal sealed class PictureBlock
{
    private readonly PictureLayers _layers;
    private readonly LayerPass _pass;
    private readonly RowBuffer _input;
    private readonly RowBuffer _outputGradient;

    public PictureBlock(PictureNetworkOptions options, int channels, ParameterLayout layout, float[] parameters)
    {
        _layers = new PictureLayers(layout, options, channels);
        Gradients = new float[layout.Length];
        _pass = new LayerPass(parameters, Gradients) { IsTraining = true };
        _input = new RowBuffer(_layers.Input.Length);
        _outputGradient = new RowBuffer(options.Length);
    }

    /// <summary>Gradients of the network's parameters.</summary>
    public float[] Gradients { get; }

    /// <summary>The normalisations, which know the block's means and variances.</summary>
    public List<BatchNorm> Norms => _layers.Norms;

    /// <summary>Takes its pictures, each distorted in its own way.</summary>
    public void Load(
        PictureSet set, ReadOnlySpan<(int Picture, int Turn)> drawn, double distortion, ulong seed, int firstStream)
    {
        _input.Resize(drawn.Length);
        PictureShape shape = _layers.Input;
        for (int i = 0; i < drawn.Length; i++)
        {
            SeededRandom random = new(seed, (ulong)(firstStream + i) + 1);
            PictureWarp warp = new(ref random, distortion, drawn[i].Turn);
            ReadOnlySpan<byte> picture = set.Picture(drawn[i].Picture);
            for (int y = 0; y < shape.Height; y++)
            {
                warp.ReadRow(picture, set.Side, set.Channels, y, shape.Width, shape.Row(_input.Row(i), y));
            }
        }
    }

    /// <summary>Computes embeddings.</summary>
    /// <param name="output">Rows of the whole batch.</param>
    /// <param name="firstRow">The block's first among them.</param>
    public void Forward(RowBuffer output, int firstRow) =>
        _layers.Chain.Forward(_input, _pass).Values.CopyTo(output.Values[(firstRow * output.Width)..]);

    /// <summary>Computes the gradients of the parameters.</summary>
    /// <param name="outputGradient">Gradient of the whole batch's rows.</param>
    /// <param name="firstRow">The block's first among them.</param>
    public void Backward(RowBuffer outputGradient, int firstRow)
    {
        Array.Clear(Gradients);
        _outputGradient.Resize(_input.Count);
        outputGradient.Values.Slice(firstRow * outputGradient.Width, _outputGradient.Values.Length)
            .CopyTo(_outputGradient.Values);
        _layers.Chain.Backward(_outputGradient, _pass);
    }
}
