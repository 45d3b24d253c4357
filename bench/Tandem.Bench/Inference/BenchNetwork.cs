using Tandem.Inference.Onnx;
using Tandem.Numerics;

namespace Tandem.Bench.Inference;

/// <summary>A network of 128-256-128-1 with rectifiers between and a logistic end: as an ONNX file, and written with the
/// kernels of <c>Tandem.Numerics</c>, an inner product for each output.</summary>
internal sealed class BenchNetwork
{
    private static readonly int[] Widths = [128, 256, 128, 1];

    private readonly float[][] _weights;
    private readonly float[][] _activations;

    public BenchNetwork()
    {
        _weights = [.. Enumerable.Range(0, Widths.Length - 1).Select(Draw)];
        _activations = [.. Widths.Select(static width => new float[width])];
    }

    /// <summary>Numbers in a row.</summary>
    public static int InputLength => Widths[0];

    /// <summary>The file; the number of rows is free.</summary>
    public byte[] ToOnnx()
    {
        OnnxWriter writer = new OnnxWriter()
            .Input("x", OnnxElement.Float32, -1, Widths[0]).Output("y", OnnxElement.Float32, -1, 1);
        string last = "x";
        for (int layer = 0; layer < _weights.Length; layer++)
        {
            bool isLast = layer == _weights.Length - 1;
            writer.Weights($"w{layer}", _weights[layer], Widths[layer + 1], Widths[layer])
                .Node("Gemm", [last, $"w{layer}"], $"s{layer}", ("transB", 1L))
                .Node(isLast ? "Sigmoid" : "Relu", [$"s{layer}"], isLast ? "y" : $"r{layer}");
            last = $"r{layer}";
        }

        return writer.ToBytes();
    }

    /// <summary>Answers rows one after the other.</summary>
    public void Run(ReadOnlySpan<float> x, Span<float> y)
    {
        for (int row = 0; row < y.Length; row++)
        {
            x.Slice(row * InputLength, InputLength).CopyTo(_activations[0]);
            for (int layer = 0; layer < _weights.Length; layer++)
            {
                Forward(layer);
            }

            y[row] = 1 / (1 + MathF.Exp(-_activations[^1][0]));
        }
    }

    private void Forward(int layer)
    {
        float[] input = _activations[layer];
        float[] output = _activations[layer + 1];
        bool isLast = layer == _weights.Length - 1;
        for (int j = 0; j < output.Length; j++)
        {
            float sum = Kernel.Dot(_weights[layer].AsSpan(j * input.Length, input.Length), input);
            output[j] = isLast ? sum : Math.Max(sum, 0);
        }
    }

    private static float[] Draw(int layer)
    {
        var random = new SeededRandom(1, (ulong)layer);
        float[] weights = new float[Widths[layer] * Widths[layer + 1]];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = (float)(random.NextDouble() - 0.5) / 8;
        }

        return weights;
    }
}
