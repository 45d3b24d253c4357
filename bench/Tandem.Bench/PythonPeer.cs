using System.Diagnostics;
using System.Globalization;

namespace Tandem.Bench;

/// <summary>The same work in a library of Python, where <c>python3</c> has it (Debian: <c>python3-torch</c>,
/// <c>python3-imblearn</c>).</summary>
internal sealed class PythonPeer
{
    private readonly string _interpreter;
    private readonly string _script;

    private PythonPeer(string interpreter, string script)
    {
        _interpreter = interpreter;
        _script = script;
    }

    /// <summary>Finds an interpreter that has a module: the first of the path, or the system's.</summary>
    /// <param name="module">The module.</param>
    /// <param name="script">Name of the embedded script that measures.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The peer, or null where there is none.</returns>
    public static async Task<PythonPeer?> FindAsync(string module, string script, CancellationToken cancellationToken)
    {
        foreach (string interpreter in (string[])["python3", "/usr/bin/python3"])
        {
            try
            {
                using Process process = Start(interpreter, ["-c", $"import {module}"], threads: 1);
                await process.WaitForExitAsync(cancellationToken);
                if (process.ExitCode == 0)
                {
                    return new PythonPeer(interpreter, script);
                }
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // There is no such interpreter.
            }
        }

        return null;
    }

    /// <summary>Runs the script.</summary>
    /// <param name="threads">Threads that it may use, its first argument too.</param>
    /// <param name="arguments">Its other arguments.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The number that it prints.</returns>
    public async Task<double> MeasureAsync(int threads, IReadOnlyList<double> arguments, CancellationToken cancellationToken)
    {
        string script;
        using (StreamReader reader = new(typeof(PythonPeer).Assembly.GetManifestResourceStream(_script)!))
        {
            script = await reader.ReadToEndAsync(cancellationToken);
        }

        string[] texts =
        [
            "-", threads.ToString(CultureInfo.InvariantCulture),
            .. arguments.Select(static each => each.ToString(CultureInfo.InvariantCulture)),
        ];
        using Process process = Start(_interpreter, texts, threads);
        await process.StandardInput.WriteAsync(script.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        string answer = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return double.Parse(answer, CultureInfo.InvariantCulture);
    }

    private static Process Start(string interpreter, string[] arguments, int threads)
    {
        ProcessStartInfo start = new(interpreter, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };

        // OpenBLAS takes this processor for an older one unless it is told, and is then half as fast.
        if (System.Runtime.Intrinsics.X86.Avx512F.IsSupported)
        {
            start.Environment["OPENBLAS_CORETYPE"] = "SkylakeX";
        }

        start.Environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        return Process.Start(start)!;
    }
}
