using System.Diagnostics.CodeAnalysis;

namespace Tandem.Inference.Onnx;

/// <summary>Type of a tensor's elements, by ONNX's own numbers (<c>TensorProto.DataType</c>).</summary>
[SuppressMessage("Naming", "CA1720", Justification = "The elements are types, and bear the types' names.")]
public enum OnnxElement
{
    /// <summary>Not a tensor of numbers.</summary>
    None = 0,

    /// <summary>32-bit floating point: <see cref="float"/>.</summary>
    Float32 = 1,

    /// <summary>8-bit unsigned: <see cref="byte"/>.</summary>
    UInt8 = 2,

    /// <summary>8-bit signed: <see cref="sbyte"/>.</summary>
    Int8 = 3,

    /// <summary>32-bit signed: <see cref="int"/>.</summary>
    Int32 = 6,

    /// <summary>64-bit signed: <see cref="long"/>.</summary>
    Int64 = 7,

    /// <summary>True or false, one byte: <see cref="bool"/>.</summary>
    Bool = 9,

    /// <summary>16-bit floating point: <see cref="Half"/>.</summary>
    Float16 = 10,

    /// <summary>64-bit floating point: <see cref="double"/>.</summary>
    Float64 = 11,
}
