using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Tandem.Acceptance;

/// <summary>The real program at a real terminal: a pseudo-terminal that util-linux's <c>script</c> makes, whose keys
/// the test presses and whose screen it reads.</summary>
internal sealed partial class TerminalSession : IAsyncDisposable
{
    /// <summary>The program that makes the terminal.</summary>
    public const string Script = "/usr/bin/script";

    /// <summary>Ctrl-C, as a key sends it.</summary>
    public const string CtrlC = "\u0003";

    /// <summary>Ctrl-D, as a key sends it.</summary>
    public const string CtrlD = "\u0004";

    // A program that says nothing for so long is stuck; the longest wait of these tests is for its start.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly StringBuilder _screen = new();
    private readonly char[] _buffer = new char[4096];

    private TerminalSession(Process process) => _process = process;

    /// <summary>Starts it.</summary>
    /// <param name="folder">Folder to run it in.</param>
    /// <param name="arguments">Verb and flags, without quotation marks.</param>
    public static TerminalSession Start(string folder, params string[] arguments)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string program = Path.Combine(AppContext.BaseDirectory, "tandem.dll");
        ProcessStartInfo start = new(Script)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            ArgumentList =
            {
                "--quiet", "--return", "--flush", "--command",
                $"stty cols 120 rows 40; exec '{host}' '{program}' {string.Join(' ', arguments)}", "/dev/null",
            },
        };
        start.Environment["TERM"] = "xterm";
        return new TerminalSession(
            Process.Start(start) ?? throw new InvalidOperationException($"{Script} did not start."));
    }

    /// <summary>Presses keys.</summary>
    public async Task TypeAsync(string keys)
    {
        await _process.StandardInput.WriteAsync(keys);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Reads the screen until a text appears on it, and takes off what came up to it.</summary>
    /// <returns>What stood before the text, without colours and moves of the cursor.</returns>
    public async Task<string> SeeAsync(string text)
    {
        using CancellationTokenSource patience = new(Patience);
        while (true)
        {
            string screen = Escapes().Replace(_screen.ToString(), "");
            int at = screen.IndexOf(text, StringComparison.Ordinal);
            if (at >= 0)
            {
                _screen.Clear().Append(screen, at + text.Length, screen.Length - at - text.Length);
                return screen[..at];
            }

            int read = await ReadAsync(patience.Token);
            Assert.True(read > 0, $"It ended, or was silent, before '{text}':\n{screen}");
        }
    }

    /// <summary>Waits for the program's end.</summary>
    /// <returns>Its exit code, and what it wrote last.</returns>
    public async Task<CommandResult> EndAsync()
    {
        using CancellationTokenSource patience = new(Patience);
        while (await ReadAsync(patience.Token) > 0)
        {
        }

        await _process.WaitForExitAsync(patience.Token);
        return new CommandResult(_process.ExitCode, Escapes().Replace(_screen.ToString(), ""), "");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    [GeneratedRegex(@"\x1b(\[[0-9;?]*[A-Za-z]|[=>])", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Escapes();

    /// <summary>Reads what the screen got; 0 at the end, or when patience ended.</summary>
    private async Task<int> ReadAsync(CancellationToken patience)
    {
        try
        {
            int read = await _process.StandardOutput.ReadAsync(_buffer, patience);
            _screen.Append(_buffer, 0, read);
            return read;
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
    }
}
