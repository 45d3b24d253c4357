using System.Diagnostics;
using System.Globalization;

namespace Tandem.Bench.TwoTower;

/// <summary>The same step in PyTorch, where <c>python3</c> has it (Debian: <c>python3-torch</c>).</summary>
internal static class TorchPeer
{
    private const string Script = "two_tower_torch.py";

    /// <summary>True where PyTorch can be asked.</summary>
    public static async Task<bool> IsThereAsync(CancellationToken cancellationToken)
    {
        try
        {
            using Process process = Start(["-c", "import torch"], threads: 1);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Examples a second.</summary>
    public static async Task<double> MeasureAsync(
        int threads, double seconds, int history, CancellationToken cancellationToken)
    {
        string script;
        using (StreamReader reader = new(typeof(TorchPeer).Assembly.GetManifestResourceStream(Script)!))
        {
            script = await reader.ReadToEndAsync(cancellationToken);
        }

        using Process process = Start(
            [
                "-", threads.ToString(CultureInfo.InvariantCulture), seconds.ToString(CultureInfo.InvariantCulture),
                history.ToString(CultureInfo.InvariantCulture),
            ],
            threads);
        await process.StandardInput.WriteAsync(script.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        string answer = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return double.Parse(answer, CultureInfo.InvariantCulture);
    }

    private static Process Start(string[] arguments, int threads)
    {
        ProcessStartInfo start = new("python3", arguments)
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
