using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Tandem.Testing;

/// <summary>A RabbitMQ broker of a test's own, which may be killed and started again; the one that the environment names
/// is everybody's.</summary>
internal sealed class BrokerProcess : IDisposable
{
    private readonly string _folder;

    /// <summary>Starts a broker.</summary>
    /// <param name="folder">Everything that it writes.</param>
    public BrokerProcess(string folder)
    {
        _folder = folder;
        Address = Start();
    }

    /// <summary>Everybody's broker, or null where none was started.</summary>
    public static string? Shared { get; } = Variable("TANDEM_TEST_AMQP");

    /// <summary>Address of this one.</summary>
    public string Address { get; }

    /// <summary>Starts it, with what it had.</summary>
    public string Start()
    {
        const string Mark = "TANDEM_TEST_AMQP=";
        string output = Run("start");
        return output[(output.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length)..].Split(' ', '\n')[0];
    }

    /// <summary>Kills the broker's process (SIGKILL), and waits until nobody answers.</summary>
    public async Task KillAsync()
    {
        int id = int.Parse(
            await File.ReadAllTextAsync(Path.Combine(_folder, "beam.pid")), CultureInfo.InvariantCulture);
        using var process = Process.GetProcessById(id);
        process.Kill();

        // Nobody here waits for the dead, so the process would be found for long.
        while (await AnswersAsync())
        {
            await Task.Delay(10);
        }
    }

    public void Dispose() => Run("stop");

    private async Task<bool> AnswersAsync()
    {
        Uri address = new(Address);
        using TcpClient client = new();
        try
        {
            await client.ConnectAsync(address.Host, address.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name);

    private string Run(string verb)
    {
        ProcessStartInfo start = new(Variable("TANDEM_TEST_RABBITMQ")!)
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
