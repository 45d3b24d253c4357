using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;

namespace Tandem.Inference.Tests.Onnx;

/// <summary>Writes small ONNX models, node by node.</summary>
internal sealed class OnnxWriter
{
    public const int Float = 1;
    public const int Text = 8;
    public const int Whole = 7;

    private readonly GraphProto _graph = new() { Name = "test" };

    /// <summary>Declares an input; a length of −1 is free.</summary>
    public OnnxWriter Input(string name, int element, params int[] shape)
    {
        _graph.Input.Add(Port(name, element, shape));
        return this;
    }

    public OnnxWriter Output(string name, int element, params int[] shape)
    {
        _graph.Output.Add(Port(name, element, shape));
        return this;
    }

    public OnnxWriter Weights(string name, float[] values, params int[] shape)
    {
        var tensor = new TensorProto
        {
            Name = name,
            DataType = Float,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values)),
        };
        tensor.Dims.AddRange(shape.Select(static length => (long)length));
        _graph.Initializer.Add(tensor);
        return this;
    }

    /// <summary>Whole numbers that the model holds, such as axes.</summary>
    public OnnxWriter Wholes(string name, params long[] values)
    {
        var tensor = new TensorProto
        {
            Name = name,
            DataType = Whole,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<long>(values)),
        };
        tensor.Dims.Add(values.Length);
        _graph.Initializer.Add(tensor);
        return this;
    }

    /// <summary>Weights that lie in another file.</summary>
    public OnnxWriter OutsideWeights(string name, string path, params int[] shape)
    {
        var tensor = new TensorProto { Name = name, DataType = Float, DataLocation = TensorProto.Types.DataLocation.External };
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = path });
        tensor.Dims.AddRange(shape.Select(static length => (long)length));
        _graph.Initializer.Add(tensor);
        return this;
    }

    public OnnxWriter Node(string kind, string[] inputs, string output, params (string Name, long Value)[] attributes)
    {
        var node = new NodeProto { OpType = kind };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        foreach ((string name, long value) in attributes)
        {
            node.Attribute.Add(new AttributeProto { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int });
        }

        _graph.Node.Add(node);
        return this;
    }

    public byte[] ToBytes()
    {
        var model = new ModelProto { IrVersion = 8, ProducerName = "tandem-test", Graph = _graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 15 });
        return model.ToByteArray();
    }

    private static ValueInfoProto Port(string name, int element, int[] shape)
    {
        var lengths = new TensorShapeProto();
        for (int i = 0; i < shape.Length; i++)
        {
            int length = shape[i];
            lengths.Dim.Add(length < 0
                ? new TensorShapeProto.Types.Dimension { DimParam = i == 0 ? "n" : $"n{i}" }
                : new TensorShapeProto.Types.Dimension { DimValue = length });
        }

        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = element, Shape = lengths } },
        };
    }
}
