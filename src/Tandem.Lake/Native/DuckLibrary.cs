using System.Runtime.InteropServices;

namespace Tandem.Lake.Native;

/// <summary>Finds DuckDB's library: where <c>TANDEM_DUCKDB</c> points, else beside the program.</summary>
internal static class DuckLibrary
{
    /// <summary>Environment variable that names another library file.</summary>
    public const string Variable = "TANDEM_DUCKDB";

    private static string FileName =>
        OperatingSystem.IsWindows() ? "duckdb.dll" : OperatingSystem.IsMacOS() ? "libduckdb.dylib" : "libduckdb.so";

    /// <summary>Loads the library.</summary>
    /// <exception cref="Faults.TandemException">LAK001: it is not there, or does not load.</exception>
    public static nint Load() => Load(Environment.GetEnvironmentVariable(Variable), AppContext.BaseDirectory);

    /// <summary>Loads the library from a named file, or from a folder where no name is given.</summary>
    public static nint Load(string? named, string folder)
    {
        string path = string.IsNullOrWhiteSpace(named) ? Path.Combine(folder, FileName) : named;
        if (!File.Exists(path))
        {
            throw LakeErrors.EngineMissing(path, "there is no such file");
        }

        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw LakeErrors.EngineMissing(path, e.Message, e);
        }
    }
}
