namespace Tandem.Inference.Onnx;

/// <summary>An input or output of a model.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="Element">Type of its elements.</param>
/// <param name="Shape">Length of each dimension, outermost first; −1 where the model leaves it free, as it does for the
/// rows of a batch.</param>
public sealed record OnnxPort(string Name, OnnxElement Element, IReadOnlyList<long> Shape)
{
    /// <summary>Name, type and shape, such as <c>input: Float32[?, 3, 224, 224]</c>.</summary>
    public override string ToString() => $"{Name}: {Describe(Element, [.. Shape])}";

    /// <summary>Type and shape on one line; a free dimension is a question mark.</summary>
    internal static string Describe(OnnxElement element, ReadOnlySpan<long> shape)
    {
        string[] lengths = new string[shape.Length];
        for (int i = 0; i < lengths.Length; i++)
        {
            lengths[i] = shape[i] < 0 ? "?" : $"{shape[i]}";
        }

        return $"{element}[{string.Join(", ", lengths)}]";
    }
}
