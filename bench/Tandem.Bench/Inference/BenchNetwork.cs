using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;
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
        var graph = new GraphProto { Name = "bench" };
        graph.Input.Add(Port("x", Widths[0]));
        graph.Output.Add(Port("y", 1));
        string last = "x";
        for (int layer = 0; layer < _weights.Length; layer++)
        {
            var weights = new TensorProto
            {
                Name = $"w{layer}",
                DataType = (int)TensorProto.Types.DataType.Float,
                RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(_weights[layer])),
            };
            weights.Dims.AddRange([Widths[layer + 1], Widths[layer]]);
            graph.Initializer.Add(weights);
            var gemm = new NodeProto { OpType = "Gemm", Input = { last, weights.Name }, Output = { $"s{layer}" } };
            gemm.Attribute.Add(
                new AttributeProto { Name = "transB", I = 1, Type = AttributeProto.Types.AttributeType.Int });
            graph.Node.Add(gemm);
            bool isLast = layer == _weights.Length - 1;
            last = isLast ? "y" : $"r{layer}";
            graph.Node.Add(
                new NodeProto { OpType = isLast ? "Sigmoid" : "Relu", Input = { $"s{layer}" }, Output = { last } });
        }

        var model = new ModelProto { IrVersion = 8, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 15 });
        return model.ToByteArray();
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

    private static ValueInfoProto Port(string name, int width)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "n" });
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = width });
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
