using System.Diagnostics;
using System.Globalization;

namespace Tandem.Testing;

/// <summary>A PostgreSQL server of a test's own, which may be killed and started again; the one that the environment names
/// is everybody's.</summary>
internal sealed class PostgresProcess : IDisposable
{
    public const string Absent =
        "No server was started; ./check starts PostgreSQL by scripts/postgres.sh where it may install it.";

    private readonly string _folder;

    /// <summary>Starts a server.</summary>
    /// <param name="folder">Everything that it writes; the folder around it becomes one that others may pass.</param>
    public PostgresProcess(string folder)
    {
        _folder = folder;
        if (!OperatingSystem.IsWindows())
        {
            // The server runs as another user where we are root.
            File.SetUnixFileMode(
                Path.GetDirectoryName(folder)!,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                    | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        Address = Start();
    }

    /// <summary>Address of everybody's server, or null where none was started.</summary>
    public static string? Shared { get; } = Variable("TANDEM_TEST_POSTGRES");

    /// <summary>The password of all of them.</summary>
    public static string Password { get; } = Variable("TANDEM_TEST_POSTGRES_PASSWORD") ?? "";

    /// <summary>Address of this one.</summary>
    public string Address { get; }

    /// <summary>Starts it, with what it had.</summary>
    public string Start()
    {
        const string Mark = "TANDEM_TEST_POSTGRES=";
        string output = Run("start");
        return output[(output.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length)..].Split(' ', '\n')[0];
    }

    /// <summary>Kills the server (SIGKILL); its children notice and end.</summary>
    public async Task KillAsync()
    {
        string[] lines = await File.ReadAllLinesAsync(Path.Combine(_folder, "data", "postmaster.pid"));
        using var process = Process.GetProcessById(int.Parse(lines[0], CultureInfo.InvariantCulture));
        process.Kill();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => Run("stop");

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name);

    private string Run(string verb)
    {
        ProcessStartInfo start = new(Variable("TANDEM_TEST_POSTGRES_SCRIPT")!)
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(verb);
        start.ArgumentList.Add(_folder);
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"'{verb}' failed: {output}");
    }
}
