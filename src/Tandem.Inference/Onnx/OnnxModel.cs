using Tandem.Faults;
using Tandem.Inference.Native;

namespace Tandem.Inference.Onnx;

/// <summary>A model in ONNX, loaded and ready to run.</summary>
/// <remarks>Any number of threads may run one model at once; each run computes on the thread that calls it and no other,
/// without spinning, so that requests are the unit of parallelism. Runs write into the caller's memory and allocate
/// nothing managed; ONNX Runtime keeps its scratch memory from run to run. Disposing while runs are under way lets them
/// end first. A model is a program: it may ask for any amount of time and memory, and no limit here stops it, so load
/// models from those you trust.</remarks>
public sealed class OnnxModel : IDisposable
{
    private readonly OrtSession _session;

    private OnnxModel(OrtSession session)
    {
        _session = session;
    }

    /// <summary>What the model takes, in its own order.</summary>
    public IReadOnlyList<OnnxPort> Inputs => _session.Inputs;

    /// <summary>What the model answers, in its own order.</summary>
    public IReadOnlyList<OnnxPort> Outputs => _session.Outputs;

    /// <summary>Loads a model from the bytes of its file.</summary>
    /// <param name="bytes">The whole file; copied.</param>
    /// <param name="options">Limits; the defaults where null.</param>
    /// <exception cref="TandemException">INF001: no library; INF002: not a model; INF003: too large; INF004: its ports are
    /// not tensors of numbers.</exception>
    public static OnnxModel Load(ReadOnlySpan<byte> bytes, OnnxModelOptions? options = null)
    {
        int limit = (options ?? new OnnxModelOptions()).MaxBytes;
        if (bytes.Length > limit)
        {
            throw InferenceErrors.ModelTooLarge(limit);
        }

        return bytes.IsEmpty ? throw InferenceErrors.BadModel("it is empty") : new OnnxModel(new OrtSession(bytes));
    }

    /// <summary>Loads a model from a stream, read to its end and left open.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="options">Limits; the defaults where null.</param>
    /// <exception cref="TandemException">As from bytes.</exception>
    public static OnnxModel Load(Stream stream, OnnxModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        options ??= new OnnxModelOptions();
        using var file = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        while (stream.Read(buffer) is int count and > 0)
        {
            if (file.Length + count > options.MaxBytes)
            {
                throw InferenceErrors.ModelTooLarge(options.MaxBytes);
            }

            file.Write(buffer, 0, count);
        }

        return Load(file.GetBuffer().AsSpan(0, (int)file.Length), options);
    }

    /// <summary>Runs a model of one input over a batch of rows, from its input into its first output.</summary>
    /// <param name="input">Rows end to end, shape (rows, …) with the other lengths those of <see cref="Inputs"/>.</param>
    /// <param name="output">Room for the answers, shape (rows, …) with the other lengths those of
    /// <see cref="Outputs"/>; where one of them is free, what the room's length leaves for it.</param>
    /// <exception cref="TandemException">INF005: the lengths do not fit the model, or its ports are of another kind:
    /// take the overload of tensors; INF006: the run failed.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    /// <remarks>Allocates nothing. No rows run nothing.</remarks>
    public void Run(ReadOnlySpan<float> input, Span<float> output)
    {
        if (Inputs.Count != 1 || Outputs.Count == 0)
        {
            throw InferenceErrors.WrongTensor(
                Inputs.Count == 0 ? "" : Inputs[0].Name, $"the model has {Inputs.Count} inputs", "one input");
        }

        Span<long> inputShape = stackalloc long[Inputs[0].Shape.Count];
        Span<long> outputShape = stackalloc long[Outputs[0].Shape.Count];
        BatchShape.Resolve(Inputs[0], input.Length, -1, inputShape);
        BatchShape.Resolve(Outputs[0], output.Length, inputShape[0], outputShape);
        if (inputShape[0] > 0)
        {
            _session.Run(input, inputShape, output, outputShape);
        }
    }

    /// <summary>Runs the model from tensors into tensors.</summary>
    /// <param name="inputs">One for each input, in any order.</param>
    /// <param name="outputs">Room for the outputs that are wanted, at least one, in any order; of the very shape that
    /// the model will answer with.</param>
    /// <exception cref="TandemException">INF005: a name, type or shape does not fit the model; INF006: the run failed, as
    /// it does where the room for an output has another shape than the answer.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    /// <remarks>Allocates nothing.</remarks>
    public void Run(ReadOnlySpan<OnnxTensor> inputs, ReadOnlySpan<OnnxTensor> outputs)
    {
        Span<int> inputPorts = stackalloc int[OrtSession.MaxPorts];
        Span<int> outputPorts = stackalloc int[OrtSession.MaxPorts];
        FindPorts(_session.Inputs, inputs, inputPorts);
        FindPorts(_session.Outputs, outputs, outputPorts);
        if (inputs.Length != Inputs.Count || outputs.IsEmpty)
        {
            throw InferenceErrors.WrongTensor(
                "", $"{inputs.Length} inputs and {outputs.Length} outputs were handed in",
                $"{Inputs.Count} inputs and at least one output");
        }

        _session.Run(inputs, inputPorts, outputs, outputPorts);
    }

    /// <summary>Frees the model once the runs under way have ended.</summary>
    public void Dispose() => _session.Dispose();

    private static void FindPorts(OnnxPort[] ports, ReadOnlySpan<OnnxTensor> tensors, Span<int> positions)
    {
        for (int i = 0; i < tensors.Length; i++)
        {
            OnnxTensor tensor = tensors[i];
            int port = IndexOf(ports, tensor.Name);
            if (port < 0)
            {
                string[] names = [.. ports.Select(static known => known.Name)];
                throw InferenceErrors.WrongTensor(
                    tensor.Name, "it has no such port", string.Join(", ", names), NearestName.Find(tensor.Name, names));
            }

            if (positions[..i].Contains(port))
            {
                throw InferenceErrors.WrongTensor(tensor.Name, "it is handed in twice", "each port once");
            }

            if (tensor.Element != ports[port].Element || !Fits(tensor.Shape, ports[port].Shape))
            {
                throw InferenceErrors.WrongTensor(
                    tensor.Name, $"it is {OnnxPort.Describe(tensor.Element, tensor.Shape)}", ports[port].ToString());
            }

            positions[i] = port;
        }
    }

    private static int IndexOf(OnnxPort[] ports, string name)
    {
        for (int i = 0; i < ports.Length; i++)
        {
            if (string.Equals(ports[i].Name, name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool Fits(long[] shape, IReadOnlyList<long> declared)
    {
        bool fits = shape.Length == declared.Count;
        for (int i = 0; fits && i < shape.Length; i++)
        {
            fits = declared[i] < 0 || declared[i] == shape[i];
        }

        return fits;
    }
}
