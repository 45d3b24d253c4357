namespace Tandem.Inference.Native;

/// <summary>libvips: where <c>TANDEM_VIPS</c> points, else beside the program.</summary>
internal static class VipsLibrary
{
    /// <summary>Environment variable that names another library file.</summary>
    public const string Variable = "TANDEM_VIPS";

    private static string FileName =>
        OperatingSystem.IsWindows() ? "libvips-42.dll"
        : OperatingSystem.IsMacOS() ? "libvips-cpp.dylib"
        : "libvips-cpp.so";

    /// <summary>Loads the library.</summary>
    /// <exception cref="Faults.TandemException">INF007: it is not there, or does not load.</exception>
    public static nint Load() => Load(Environment.GetEnvironmentVariable(Variable), AppContext.BaseDirectory);

    /// <summary>Loads the library from a named file, or from a folder where no name is given.</summary>
    public static nint Load(string? named, string folder) =>
        EngineFile.Load(named, Path.Combine(folder, FileName), InferenceErrors.PicturesMissing);
}
