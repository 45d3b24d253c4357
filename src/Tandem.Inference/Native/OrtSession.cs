using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Tandem.Inference.Onnx;

namespace Tandem.Inference.Native;

/// <summary>A loaded model and the ports it was found to have. Any number of threads may run it at once.</summary>
internal sealed unsafe class OrtSession : IDisposable
{
    /// <summary>Most dimensions of a port, and most inputs or outputs of a model: what a run keeps on the stack.</summary>
    public const int MaxRank = 16;

    public const int MaxPorts = 64;

    private readonly OrtApi _api;
    private readonly OrtSessionHandle _handle;

    // Names end in a zero byte and are allocated pinned, so that their addresses hold.
    private readonly byte[][] _inputNames;
    private readonly byte[][] _outputNames;

    public OrtSession(ReadOnlySpan<byte> model)
    {
        _api = OrtApi.Instance;
        _handle = _api.CreateSession(model);
        try
        {
            Inputs = ReadPorts(isInput: true);
            Outputs = ReadPorts(isInput: false);
        }
        catch
        {
            _handle.Dispose();
            throw;
        }

        _inputNames = [.. Inputs.Select(static port => Pinned(port.Name))];
        _outputNames = [.. Outputs.Select(static port => Pinned(port.Name))];
    }

    public OnnxPort[] Inputs { get; }

    public OnnxPort[] Outputs { get; }

    /// <summary>Runs from the first input into the first output.</summary>
    public void Run(ReadOnlySpan<float> x, ReadOnlySpan<long> xShape, Span<float> y, ReadOnlySpan<long> yShape)
    {
        bool isHeld = false;
        nint input = 0;
        nint output = 0;
        try
        {
            _handle.DangerousAddRef(ref isHeld);
            fixed (float* xData = x, yData = y)
            fixed (long* xLengths = xShape, yLengths = yShape)
            {
                const int Element = (int)OnnxElement.Float32;
                input = _api.CreateTensor(xData, (nuint)x.Length * sizeof(float), xLengths, xShape.Length, Element);
                output = _api.CreateTensor(yData, (nuint)y.Length * sizeof(float), yLengths, yShape.Length, Element);
                byte* inputName = Address(_inputNames[0]);
                byte* outputName = Address(_outputNames[0]);
                _api.Run(_handle.DangerousGetHandle(), &inputName, &input, 1, &outputName, &output, 1);
            }
        }
        finally
        {
            _api.ReleaseTensor(input);
            _api.ReleaseTensor(output);
            Release(isHeld);
        }
    }

    /// <summary>Runs from tensors into tensors.</summary>
    /// <param name="inputs">At most <see cref="MaxPorts"/>.</param>
    /// <param name="inputPorts">Position of each among the model's inputs.</param>
    /// <param name="outputs">At most <see cref="MaxPorts"/>.</param>
    /// <param name="outputPorts">Position of each among the model's outputs.</param>
    public void Run(
        ReadOnlySpan<OnnxTensor> inputs, ReadOnlySpan<int> inputPorts,
        ReadOnlySpan<OnnxTensor> outputs, ReadOnlySpan<int> outputPorts)
    {
        Debug.Assert(inputs.Length <= MaxPorts && outputs.Length <= MaxPorts, "The public door checks this.");
        int count = inputs.Length + outputs.Length;
        bool isHeld = false;
        nint* tensors = stackalloc nint[count];
        byte** names = stackalloc byte*[count];
        Span<GCHandle> pins = stackalloc GCHandle[count];
        new Span<nint>(tensors, count).Clear();
        pins.Clear();
        try
        {
            _handle.DangerousAddRef(ref isHeld);
            for (int i = 0; i < count; i++)
            {
                bool isInput = i < inputs.Length;
                OnnxTensor tensor = isInput ? inputs[i] : outputs[i - inputs.Length];
                names[i] = Address(isInput ? _inputNames[inputPorts[i]] : _outputNames[outputPorts[i - inputs.Length]]);
                pins[i] = GCHandle.Alloc(tensor.Values, GCHandleType.Pinned);
                nuint bytes = (nuint)tensor.Values.Length * (nuint)tensor.ElementBytes;
                fixed (long* shape = tensor.Shape)
                {
                    tensors[i] = _api.CreateTensor(
                        (void*)pins[i].AddrOfPinnedObject(), bytes, shape, tensor.Shape.Length, (int)tensor.Element);
                }
            }

            _api.Run(
                _handle.DangerousGetHandle(), names, tensors, inputs.Length,
                names + inputs.Length, tensors + inputs.Length, outputs.Length);
        }
        finally
        {
            for (int i = 0; i < count; i++)
            {
                _api.ReleaseTensor(tensors[i]);
                if (pins[i].IsAllocated)
                {
                    pins[i].Free();
                }
            }

            Release(isHeld);
        }
    }

    public void Dispose() => _handle.Dispose();

    private static byte* Address(byte[] pinned) => (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);

    private static byte[] Pinned(string name)
    {
        byte[] bytes = GC.AllocateArray<byte>(Encoding.UTF8.GetByteCount(name) + 1, pinned: true);
        Encoding.UTF8.GetBytes(name, bytes);
        return bytes;
    }

    private void Release(bool isHeld)
    {
        if (isHeld)
        {
            _handle.DangerousRelease();
        }
    }

    private OnnxPort[] ReadPorts(bool isInput)
    {
        string direction = isInput ? "input" : "output";
        nint session = _handle.DangerousGetHandle();
        var ports = new OnnxPort[_api.PortCount(session, isInput)];
        for (int i = 0; i < ports.Length; i++)
        {
            string name = _api.PortName(session, i, isInput);
            long[] shape = _api.PortShape(session, i, isInput, out int element);
            if (element == 0 || !Enum.IsDefined((OnnxElement)element) || shape.Length > MaxRank || ports.Length > MaxPorts)
            {
                string what = element == 0 ? "no tensor"
                    : shape.Length > MaxRank ? $"a tensor of {shape.Length} dimensions"
                    : ports.Length > MaxPorts ? $"one of {ports.Length}"
                    : $"a tensor of ONNX's element type {element}";
                throw InferenceErrors.UnsupportedPort(direction, name, what);
            }

            ports[i] = new OnnxPort(name, (OnnxElement)element, shape);
        }

        return ports;
    }
}
