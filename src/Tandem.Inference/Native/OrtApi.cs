using System.Runtime.InteropServices;

namespace Tandem.Inference.Native;

/// <summary>ONNX Runtime's C API, as far as models are run here. Its functions lie in a table that is only ever appended
/// to, so each is known by its slot in <c>struct OrtApi</c> of <c>onnxruntime_c_api.h</c>.</summary>
internal sealed unsafe class OrtApi
{
    private const int LogFatal = 4;
    private const int AllOptimisations = 99;
    private const int ArenaAllocator = 1;

    private readonly nint* _table;
    private readonly nint _environment;
    private readonly nint _allocator;

    private OrtApi()
    {
        _table = (nint*)OrtLibrary.Load();
        nint environment = 0;
        fixed (byte* name = "tandem\0"u8)
        {
            // What goes wrong arrives as a status; nothing is written to the terminal.
            CheckLoad(((delegate* unmanaged<int, byte*, nint*, nint>)_table[OrtSlot.CreateEnv])(
                LogFatal, name, &environment));
        }

        _environment = environment;
        CheckLoad(((delegate* unmanaged<nint, nint>)_table[OrtSlot.DisableTelemetryEvents])(environment));
        nint allocator = 0;
        CheckLoad(((delegate* unmanaged<nint*, nint>)_table[OrtSlot.GetAllocatorWithDefaultOptions])(&allocator));
        _allocator = allocator;
        nint memory = 0;
        CheckLoad(((delegate* unmanaged<int, int, nint*, nint>)_table[OrtSlot.CreateCpuMemoryInfo])(
            ArenaAllocator, 0, &memory));
        Memory = memory;
    }

    /// <summary>The library, loaded once a process; a failure to load is tried again by the next caller.</summary>
    /// <exception cref="Faults.TandemException">INF001.</exception>
    public static OrtApi Instance => Lazily.Value;

    /// <summary>Describes memory of the processor, for tensors over the caller's memory.</summary>
    public nint Memory { get; }

    private static Lazy<OrtApi> Lazily { get; } = new(() => new OrtApi(), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>Loads a model: one thread, the caller's; no spinning.</summary>
    /// <exception cref="Faults.TandemException">INF002.</exception>
    public OrtSessionHandle CreateSession(ReadOnlySpan<byte> model)
    {
        nint options = 0;
        CheckLoad(((delegate* unmanaged<nint*, nint>)_table[OrtSlot.CreateSessionOptions])(&options));
        try
        {
            Set(options, OrtSlot.SetIntraOpNumThreads, 1);
            Set(options, OrtSlot.SetInterOpNumThreads, 1);
            Set(options, OrtSlot.SetSessionGraphOptimizationLevel, AllOptimisations);
            Configure(options, "session.intra_op.allow_spinning\0"u8, "0\0"u8);
            Configure(options, "session.inter_op.allow_spinning\0"u8, "0\0"u8);

            // Weights lie in the model's own bytes: files beside it are looked for where no file can be.
            Configure(options, "session.model_external_initializers_file_folder_path\0"u8, "/dev/null/none\0"u8);
            nint session = 0;
            fixed (byte* bytes = model)
            {
                // It copies what it keeps.
                var create =
                    (delegate* unmanaged<nint, byte*, nuint, nint, nint*, nint>)_table[OrtSlot.CreateSessionFromArray];
                CheckLoad(create(
                    _environment, bytes, (nuint)model.Length, options, &session));
            }

            return new OrtSessionHandle(this, session);
        }
        finally
        {
            Release(OrtSlot.ReleaseSessionOptions, options);
        }
    }

    /// <summary>How many inputs, or outputs, a session has.</summary>
    public int PortCount(nint session, bool isInput)
    {
        int slot = isInput ? OrtSlot.SessionGetInputCount : OrtSlot.SessionGetOutputCount;
        nuint count = 0;
        CheckLoad(((delegate* unmanaged<nint, nuint*, nint>)_table[slot])(session, &count));
        return checked((int)count);
    }

    /// <summary>Name of an input or output.</summary>
    public string PortName(nint session, int index, bool isInput)
    {
        int slot = isInput ? OrtSlot.SessionGetInputName : OrtSlot.SessionGetOutputName;
        byte* name = null;
        CheckLoad(((delegate* unmanaged<nint, nuint, nint, byte**, nint>)_table[slot])(
            session, (nuint)index, _allocator, &name));
        string text = Marshal.PtrToStringUTF8((nint)name) ?? "";
        CheckLoad(((delegate* unmanaged<nint, byte*, nint>)_table[OrtSlot.AllocatorFree])(_allocator, name));
        return text;
    }

    /// <summary>Element type and shape of an input or output.</summary>
    /// <param name="session">The session.</param>
    /// <param name="index">Position among inputs or outputs.</param>
    /// <param name="isInput">Which of the two.</param>
    /// <param name="element">ONNX's number of the element type; 0 where the port is no tensor.</param>
    /// <returns>Lengths of the dimensions, −1 where free.</returns>
    public long[] PortShape(nint session, int index, bool isInput, out int element)
    {
        int slot = isInput ? OrtSlot.SessionGetInputTypeInfo : OrtSlot.SessionGetOutputTypeInfo;
        nint type = 0;
        CheckLoad(((delegate* unmanaged<nint, nuint, nint*, nint>)_table[slot])(session, (nuint)index, &type));
        try
        {
            nint tensor = AsTensor(type);
            if (tensor == 0)
            {
                element = 0;
                return [];
            }

            int number = 0;
            nuint rank = 0;
            CheckLoad(((delegate* unmanaged<nint, int*, nint>)_table[OrtSlot.GetTensorElementType])(tensor, &number));
            CheckLoad(((delegate* unmanaged<nint, nuint*, nint>)_table[OrtSlot.GetDimensionsCount])(tensor, &rank));
            long[] shape = new long[checked((int)rank)];
            fixed (long* lengths = shape)
            {
                CheckLoad(((delegate* unmanaged<nint, long*, nuint, nint>)_table[OrtSlot.GetDimensions])(
                    tensor, lengths, rank));
            }

            element = number;
            return shape;
        }
        finally
        {
            Release(OrtSlot.ReleaseTypeInfo, type);
        }
    }

    /// <summary>A tensor over memory that stays pinned until it is released.</summary>
    /// <exception cref="Faults.TandemException">INF006.</exception>
    public nint CreateTensor(void* data, nuint bytes, long* shape, int rank, int element)
    {
        nint value = 0;
        var create = (delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint>)
            _table[OrtSlot.CreateTensorWithDataAsOrtValue];
        CheckRun(create(Memory, data, bytes, shape, (nuint)rank, element, &value));
        return value;
    }

    /// <summary>Runs a session from tensors into tensors.</summary>
    /// <exception cref="Faults.TandemException">INF006.</exception>
    public void Run(
        nint session, byte** inputNames, nint* inputs, int inputCount, byte** outputNames, nint* outputs, int outputCount)
    {
        var run = (delegate* unmanaged<nint, nint, byte**, nint*, nuint, byte**, nuint, nint*, nint>)_table[OrtSlot.Run];
        CheckRun(run(session, 0, inputNames, inputs, (nuint)inputCount, outputNames, (nuint)outputCount, outputs));
    }

    public void ReleaseTensor(nint value) => Release(OrtSlot.ReleaseValue, value);

    public void ReleaseSession(nint session) => Release(OrtSlot.ReleaseSession, session);

    /// <summary>The shape part of a type; 0 where the type is no tensor.</summary>
    private nint AsTensor(nint type)
    {
        nint tensor = 0;
        CheckLoad(((delegate* unmanaged<nint, nint*, nint>)_table[OrtSlot.CastTypeInfoToTensorInfo])(type, &tensor));
        return tensor;
    }

    private void Release(int slot, nint handle)
    {
        if (handle != 0)
        {
            ((delegate* unmanaged<nint, void>)_table[slot])(handle);
        }
    }

    private void Set(nint options, int slot, int value) =>
        CheckLoad(((delegate* unmanaged<nint, int, nint>)_table[slot])(options, value));

    private void Configure(nint options, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        fixed (byte* keyBytes = key, valueBytes = value)
        {
            CheckLoad(((delegate* unmanaged<nint, byte*, byte*, nint>)_table[OrtSlot.AddSessionConfigEntry])(
                options, keyBytes, valueBytes));
        }
    }

    private void CheckLoad(nint status)
    {
        if (status != 0)
        {
            throw InferenceErrors.BadModel(Message(status));
        }
    }

    private void CheckRun(nint status)
    {
        if (status != 0)
        {
            throw InferenceErrors.RunFailed(Message(status));
        }
    }

    private string Message(nint status)
    {
        nint text = ((delegate* unmanaged<nint, nint>)_table[OrtSlot.GetErrorMessage])(status);
        string message = Marshal.PtrToStringUTF8(text) ?? "it gave no reason";
        Release(OrtSlot.ReleaseStatus, status);
        return message;
    }
}
