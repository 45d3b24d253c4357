using System.Diagnostics;

namespace Tandem.Testing;

/// <summary>A running <c>Tandem.CrashProbe</c>, to be killed in the middle of its work. The test project refers to
/// <c>Tandem.CrashProbe</c>, which puts the program beside the tests.</summary>
internal sealed class ProbeProcess : IDisposable
{
    private readonly Process _process;

    private ProbeProcess(Process process)
    {
        _process = process;
    }

    /// <summary>Starts the probe.</summary>
    /// <param name="arguments">Kind of work, then its arguments.</param>
    public static ProbeProcess Start(params string[] arguments)
    {
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Tandem.CrashProbe.dll"));
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return new ProbeProcess(Process.Start(start) ?? throw new InvalidOperationException("The probe did not start."));
    }

    /// <summary>Reads acknowledgements until there are this many, or the probe ended by itself, which fails.</summary>
    public async Task<List<string>> ReadAsync(int count)
    {
        List<string> lines = [];
        while (lines.Count < count)
        {
            lines.Add(await _process.StandardOutput.ReadLineAsync() ??
                throw new InvalidOperationException($"The probe ended: {await _process.StandardError.ReadToEndAsync()}"));
        }

        return lines;
    }

    /// <summary>Kills the probe (SIGKILL: it has no chance to tidy up) and gives the acknowledgements it had still
    /// written.</summary>
    public async Task<List<string>> KillAsync()
    {
        _process.Kill();
        List<string> lines = [];
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lines.Add(line);
        }

        await _process.WaitForExitAsync();
        return lines;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
