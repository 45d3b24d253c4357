using Tandem.Learning.Networks;
using Tandem.Numerics;

namespace Tandem.Bench.Numerics;

/// <summary>A convolution of 3 × 3 over a block of pictures, as a step of learning runs it: forward, then the gradients of
/// weights and input.</summary>
internal sealed class ConvolutionLoad
{
    private const int PictureCount = 32;

    private readonly Convolution _layer;
    private readonly LayerPass _pass;
    private readonly RowBuffer _input;
    private readonly RowBuffer _gradient;

    public ConvolutionLoad(int side, int inputs, int outputs)
    {
        ParameterLayout layout = new();
        PictureShape shape = new(inputs, side, side);
        _layer = new Convolution(layout, "weights", shape, outputs);
        _pass = new LayerPass(layout.Draw(seed: 1), new float[layout.Length]);
        _input = Draw(shape);
        _gradient = Draw(_layer.Output);

        // Three products of the same size; what is multiplied by zeros around the pictures does not count.
        Operations = 3.0 * 2 * PictureCount * shape.Area * 9 * inputs * outputs;
    }

    /// <summary>Multiplications and additions that a run needs.</summary>
    public double Operations { get; }

    public void Run()
    {
        _layer.Forward(_input, _pass);
        _layer.Backward(_gradient, _pass);
    }

    private static RowBuffer Draw(PictureShape shape)
    {
        RowBuffer rows = new(shape.Length);
        rows.Resize(PictureCount);
        SeededRandom random = new(seed: 2);
        for (int row = 0; row < PictureCount; row++)
        {
            for (int y = 0; y < shape.Height; y++)
            {
                foreach (ref float value in shape.Row(rows.Row(row), y))
                {
                    value = random.NextSingle() - 0.5f;
                }
            }
        }

        return rows;
    }
}
