using System.Diagnostics;
using System.Globalization;

namespace Tandem.Bench.Trees;

/// <summary>Boosted trees of XGBoost and scikit-learn, where Python has them (Debian: <c>python3-xgboost</c>,
/// <c>python3-sklearn</c>).</summary>
internal sealed class TreePeer(string module, string folder, int rows, int columns, int trees)
{
    private const string Script = "tree_peers.py";

    // Debian's packages belong to Debian's Python, which need not be the first on the path.
    private static readonly string Python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    /// <summary>Loss on the training rows of the last fit.</summary>
    public double Loss { get; private set; }

    /// <summary>True where the module can be asked.</summary>
    public async Task<bool> IsThereAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync("check", 1, cancellationToken) is not null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Trees a second, from the matrix in memory to the model.</summary>
    public async Task<double> MeasureAsync(string task, int threads, CancellationToken cancellationToken)
    {
        string answer = await RunAsync(task, threads, cancellationToken)
            ?? throw new InvalidOperationException($"{module} failed to fit.");
        double[] figures =
        [
            .. answer.Split(' ').Select(static part => double.Parse(part, CultureInfo.InvariantCulture)),
        ];
        Loss = figures[1];
        return trees / figures[0];
    }

    private async Task<string?> RunAsync(string task, int threads, CancellationToken cancellationToken)
    {
        string script;
        using (StreamReader reader = new(typeof(TreePeer).Assembly.GetManifestResourceStream(Script)!))
        {
            script = await reader.ReadToEndAsync(cancellationToken);
        }

        ProcessStartInfo start = new(
            Python,
            [
                "-", module, task, folder,
                .. ((int[])[rows, columns, trees, threads]).Select(
                    static number => number.ToString(CultureInfo.InvariantCulture)),
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        using Process process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(script.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        string answer = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        _ = await errors;
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? answer : null;
    }
}
