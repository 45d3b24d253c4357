namespace Tandem.Inference.Onnx;

/// <summary>The shape of a batch, from what the model declares and how many values there are.</summary>
internal static class BatchShape
{
    /// <summary>Finds every length of a port's shape.</summary>
    /// <param name="port">The port; of 32-bit floats, at least one dimension, the first of which counts rows.</param>
    /// <param name="count">How many values there are.</param>
    /// <param name="rows">How many rows there must be, or −1 where the count decides.</param>
    /// <param name="shape">The lengths, as many as the port has; overwritten.</param>
    /// <exception cref="Faults.TandemException">INF005: no shape fits.</exception>
    public static void Resolve(OnnxPort port, int count, long rows, Span<long> shape)
    {
        int free = -1;
        long known = 1;
        bool fits = port.Element == OnnxElement.Float32 && shape.Length > 0;
        for (int i = 0; i < shape.Length; i++)
        {
            shape[i] = port.Shape[i];
            if (i == 0 && rows >= 0)
            {
                fits &= shape[0] < 0 || shape[0] == rows;
                shape[0] = rows;
            }

            if (shape[i] >= 0)
            {
                known = Multiply(known, shape[i]);
            }
            else
            {
                fits &= free < 0;
                free = i;
            }
        }

        if (fits && free >= 0)
        {
            fits = known > 0 ? count % known == 0 : count == 0;
            shape[free] = known > 0 ? count / known : 0;
        }
        else
        {
            fits &= known == count;
        }

        if (!fits)
        {
            string given = rows < 0 ? $"{count} floats were handed in" : $"{count} floats were handed in for {rows} rows";
            throw InferenceErrors.WrongTensor(port.Name, given, port.ToString());
        }
    }

    // A product past any array's length stays there: it fits nothing.
    private static long Multiply(long a, long b) =>
        b != 0 && a > Array.MaxLength / b ? long.MaxValue / 2 : a * b;
}
