using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;

namespace Tandem.Inference.Onnx;

/// <summary>Writes ONNX models, node by node.</summary>
/// <remarks>What it writes names version 15 of ONNX's operators. Whether the nodes fit together is for who loads the model to
/// say.</remarks>
public sealed class OnnxWriter
{
    private const int FormatVersion = 8;
    private const int OperatorVersion = 15;

    private readonly GraphProto _graph = new() { Name = "tandem" };

    /// <summary>Declares an input.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="element">Type of its elements.</param>
    /// <param name="shape">Lengths; −1 is free.</param>
    public OnnxWriter Input(string name, OnnxElement element, params ReadOnlySpan<int> shape)
    {
        _graph.Input.Add(Port(name, element, shape));
        return this;
    }

    /// <summary>Declares an output.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="element">Type of its elements.</param>
    /// <param name="shape">Lengths; −1 is free.</param>
    public OnnxWriter Output(string name, OnnxElement element, params ReadOnlySpan<int> shape)
    {
        _graph.Output.Add(Port(name, element, shape));
        return this;
    }

    /// <summary>Adds numbers that the model holds.</summary>
    /// <param name="name">Their name.</param>
    /// <param name="values">The numbers, row-major.</param>
    /// <param name="shape">Lengths.</param>
    public OnnxWriter Weights(string name, ReadOnlySpan<float> values, params ReadOnlySpan<int> shape) =>
        Hold(name, OnnxElement.Float32, MemoryMarshal.AsBytes(values), shape);

    /// <summary>Adds whole numbers that the model holds, such as axes.</summary>
    /// <param name="name">Their name.</param>
    /// <param name="values">The numbers.</param>
    public OnnxWriter Wholes(string name, params ReadOnlySpan<long> values) =>
        Hold(name, OnnxElement.Int64, MemoryMarshal.AsBytes(values), values.Length);

    /// <summary>Adds a node.</summary>
    /// <param name="kind">Its operator.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="output">Name of what it gives.</param>
    /// <param name="attributes">Attributes that are one whole number.</param>
    public OnnxWriter Node(
        string kind, IEnumerable<string> inputs, string output, params ReadOnlySpan<(string Name, long Value)> attributes)
    {
        NodeProto node = Add(kind, inputs, output);
        foreach ((string name, long value) in attributes)
        {
            node.Attribute.Add(new AttributeProto { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int });
        }

        return this;
    }

    /// <summary>Adds a node.</summary>
    /// <param name="kind">Its operator.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="output">Name of what it gives.</param>
    /// <param name="attributes">Attributes that are lists of whole numbers.</param>
    public OnnxWriter Node(
        string kind, IEnumerable<string> inputs, string output, IEnumerable<(string Name, long[] Values)> attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        NodeProto node = Add(kind, inputs, output);
        foreach ((string name, long[] values) in attributes)
        {
            AttributeProto attribute = new() { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
            attribute.Ints.AddRange(values);
            node.Attribute.Add(attribute);
        }

        return this;
    }

    /// <summary>The model as a file.</summary>
    public byte[] ToBytes()
    {
        ModelProto model = new() { IrVersion = FormatVersion, ProducerName = "tandem", Graph = _graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = OperatorVersion });
        return model.ToByteArray();
    }

    private static ValueInfoProto Port(string name, OnnxElement element, ReadOnlySpan<int> shape)
    {
        TensorShapeProto lengths = new();
        for (int i = 0; i < shape.Length; i++)
        {
            lengths.Dim.Add(shape[i] < 0
                ? new TensorShapeProto.Types.Dimension { DimParam = i == 0 ? "n" : $"n{i}" }
                : new TensorShapeProto.Types.Dimension { DimValue = shape[i] });
        }

        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)element, Shape = lengths } },
        };
    }

    private OnnxWriter Hold(string name, OnnxElement element, ReadOnlySpan<byte> bytes, params ReadOnlySpan<int> shape)
    {
        TensorProto tensor = new() { Name = name, DataType = (int)element, RawData = ByteString.CopyFrom(bytes) };
        foreach (int length in shape)
        {
            tensor.Dims.Add(length);
        }

        _graph.Initializer.Add(tensor);
        return this;
    }

    private NodeProto Add(string kind, IEnumerable<string> inputs, string output)
    {
        NodeProto node = new() { OpType = kind };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        _graph.Node.Add(node);
        return node;
    }
}
