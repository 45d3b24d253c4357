namespace Tandem.Inference.Onnx;

/// <summary>Values handed to a model, or room for what it answers: a port's name, an array of the caller's, and its
/// shape. Made once and used for any number of runs; the array's values may change in between.</summary>
public sealed class OnnxTensor
{
    private OnnxTensor(string name, Array values, int elementBytes, OnnxElement element, long[] shape)
    {
        Name = name;
        Values = values;
        ElementBytes = elementBytes;
        Element = element;
        Shape = shape;
    }

    /// <summary>Name of the model's input or output.</summary>
    public string Name { get; }

    /// <summary>Type of the elements.</summary>
    public OnnxElement Element { get; }

    /// <summary>The array, as it was handed in.</summary>
    internal Array Values { get; }

    /// <summary>Bytes an element takes.</summary>
    internal int ElementBytes { get; }

    /// <summary>Length of each dimension.</summary>
    internal long[] Shape { get; }

    /// <summary>Names an array as a tensor.</summary>
    /// <typeparam name="T"><see cref="float"/>, <see cref="double"/>, <see cref="Half"/>, <see cref="int"/>,
    /// <see cref="long"/>, <see cref="byte"/>, <see cref="sbyte"/> or <see cref="bool"/>.</typeparam>
    /// <param name="name">Name of the model's input or output.</param>
    /// <param name="values">Elements, row-major, innermost dimension last; as many as the shape holds.</param>
    /// <param name="shape">Length of each dimension, each ≥ 0.</param>
    /// <exception cref="ArgumentException">A length is negative, or the array does not hold as many elements as the
    /// shape.</exception>
    /// <exception cref="NotSupportedException">The type is another.</exception>
    public static OnnxTensor Of<T>(string name, T[] values, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(values);
        long count = 1;
        foreach (long length in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(length, nameof(shape));
            count = checked(count * length);
        }

        if (count != values.Length)
        {
            throw new ArgumentException(
                $"A shape of {count} elements does not fit an array of {values.Length}.", nameof(shape));
        }

        (OnnxElement element, int bytes) = ElementOf<T>();
        return new OnnxTensor(name, values, bytes, element, shape.ToArray());
    }

    private static (OnnxElement Element, int Bytes) ElementOf<T>() => default(T) switch
    {
        float => (OnnxElement.Float32, 4),
        double => (OnnxElement.Float64, 8),
        Half => (OnnxElement.Float16, 2),
        int => (OnnxElement.Int32, 4),
        long => (OnnxElement.Int64, 8),
        byte => (OnnxElement.UInt8, 1),
        sbyte => (OnnxElement.Int8, 1),
        bool => (OnnxElement.Bool, 1),
        _ => throw new NotSupportedException($"A tensor of {typeof(T).Name} is none of ONNX's that Tandem passes."),
    };
}
