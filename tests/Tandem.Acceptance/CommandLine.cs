using System.Diagnostics;

namespace Tandem.Acceptance;

/// <summary>The real program <c>tandem</c>, as a process of its own. It lies beside the tests.</summary>
internal static class CommandLine
{
    private static readonly Dictionary<string, string?> Nothing = [];

    /// <summary>Runs it to its end.</summary>
    /// <param name="folder">Folder to run it in.</param>
    /// <param name="arguments">Verb and flags.</param>
    public static Task<CommandResult> RunAsync(string folder, params string[] arguments) =>
        RunAsync(folder, Nothing, arguments);

    /// <summary>Runs it to its end.</summary>
    /// <param name="folder">Folder to run it in.</param>
    /// <param name="environment">Variables on top of the test's own.</param>
    /// <param name="arguments">Verb and flags.</param>
    public static async Task<CommandResult> RunAsync(
        string folder, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        using Process process = Start(folder, environment, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new CommandResult(process.ExitCode, await output, await error);
    }

    /// <summary>Starts it and kills it (SIGKILL: it has no chance to tidy up) after some time.</summary>
    /// <param name="folder">Folder to run it in.</param>
    /// <param name="after">Time it has.</param>
    /// <param name="arguments">Verb and flags.</param>
    /// <returns>True where it was still at work then.</returns>
    public static async Task<bool> KillAsync(string folder, TimeSpan after, params string[] arguments)
    {
        using Process process = Start(folder, Nothing, arguments);
        Task output = process.StandardOutput.ReadToEndAsync();
        Task error = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource time = new(after);
        await process.WaitForExitAsync(time.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        bool isAtWork = !process.HasExited;
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        await Task.WhenAll(output, error);
        return isAtWork;
    }

    /// <summary>Starts it; the caller reads what it writes, and ends it.</summary>
    /// <param name="folder">Folder to run it in.</param>
    /// <param name="environment">Variables on top of the test's own.</param>
    /// <param name="arguments">Verb and flags.</param>
    public static Process Start(
        string folder, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach ((string name, string? value) in environment)
        {
            start.Environment[name] = value;
        }

        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "tandem.dll"));
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new InvalidOperationException("The program did not start.");
    }
}
