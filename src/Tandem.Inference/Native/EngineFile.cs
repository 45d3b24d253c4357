using System.Runtime.InteropServices;
using Tandem.Faults;

namespace Tandem.Inference.Native;

/// <summary>Finds an engine's library: where an environment variable points, else beside the program.</summary>
internal static class EngineFile
{
    /// <summary>Loads a library.</summary>
    /// <param name="named">A file named by the user, or null.</param>
    /// <param name="path">The file to take where none is named.</param>
    /// <param name="missing">Makes the fault out of the path, the reason and what revealed it.</param>
    /// <exception cref="TandemException">What <paramref name="missing"/> made: it is not there, or does not
    /// load.</exception>
    public static nint Load(string? named, string path, Func<string, string, Exception?, TandemException> missing)
    {
        string file = string.IsNullOrWhiteSpace(named) ? path : named;
        if (!File.Exists(file))
        {
            throw missing(file, "there is no such file", null);
        }

        try
        {
            return NativeLibrary.Load(file);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw missing(file, e.Message.TrimEnd('.'), e);
        }
    }
}
