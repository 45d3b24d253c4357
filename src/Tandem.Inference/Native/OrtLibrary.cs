using System.Runtime.InteropServices;

namespace Tandem.Inference.Native;

/// <summary>ONNX Runtime's library: where <c>TANDEM_ONNXRUNTIME</c> points, else beside the program.</summary>
internal static unsafe class OrtLibrary
{
    /// <summary>Environment variable that names another library file.</summary>
    public const string Variable = "TANDEM_ONNXRUNTIME";

    /// <summary>Version of the function table; every function that is used here was in it by then.</summary>
    private const uint TableVersion = 17;

    private static string FileName =>
        OperatingSystem.IsWindows() ? "onnxruntime.dll"
        : OperatingSystem.IsMacOS() ? "libonnxruntime.1.dylib"
        : "libonnxruntime.so.1";

    /// <summary>Loads the library and finds its function table.</summary>
    /// <exception cref="Faults.TandemException">INF001: it is not there, does not load, or is too old.</exception>
    public static nint Load() => Load(Environment.GetEnvironmentVariable(Variable), AppContext.BaseDirectory);

    /// <summary>Loads the library from a named file, or from a folder where no name is given.</summary>
    public static nint Load(string? named, string folder)
    {
        string path = Path.Combine(folder, FileName);
        nint library = EngineFile.Load(named, path, InferenceErrors.RuntimeMissing);
        if (!NativeLibrary.TryGetExport(library, "OrtGetApiBase", out nint getBase))
        {
            throw InferenceErrors.RuntimeMissing(named ?? path, "it does not export OrtGetApiBase");
        }

        // OrtApiBase is two functions: GetApi(version) and GetVersionString().
        nint* apiBase = ((delegate* unmanaged<nint*>)getBase)();
        nint* table = ((delegate* unmanaged<uint, nint*>)apiBase[0])(TableVersion);
        return table is not null
            ? (nint)table
            : throw InferenceErrors.RuntimeMissing(named ?? path, $"it has no version {TableVersion} of its API");
    }
}
