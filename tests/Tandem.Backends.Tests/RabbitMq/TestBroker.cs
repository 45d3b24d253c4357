using System.Diagnostics;
using System.Globalization;
using Tandem.Backends.RabbitMq;

namespace Tandem.Backends.Tests.RabbitMq;

/// <summary>A broker of a test's own, which may be killed and started again; the one that the environment names is
/// everybody's.</summary>
internal sealed class TestBroker : IDisposable
{
    private readonly string _folder;

    public TestBroker(string folder)
    {
        _folder = folder;
        Own = Start();
    }

    /// <summary>Everybody's broker, or null.</summary>
    public static string? Address { get; } = Variable("TANDEM_TEST_AMQP");

    /// <summary>Address of this one.</summary>
    public string Own { get; }

    /// <summary>Settings for a stream of one's own.</summary>
    public static RabbitOptions Options(string? address = null, string? stream = null) => new()
    {
        Address = AmqpAddress.Parse(address ?? Address!),
        Stream = stream ?? $"test.{Path.GetRandomFileName()}",
        RetryDelay = TimeSpan.FromMilliseconds(20),
    };

    /// <summary>Starts it, with what it had.</summary>
    public string Start()
    {
        string output = Run("start");
        const string Mark = "TANDEM_TEST_AMQP=";
        return output[(output.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length)..].Split(' ', '\n')[0];
    }

    /// <summary>Kills the broker's process (SIGKILL).</summary>
    public void Kill()
    {
        int id = int.Parse(File.ReadAllText(Path.Combine(_folder, "beam.pid")), CultureInfo.InvariantCulture);
        using var process = Process.GetProcessById(id);
        process.Kill();
        process.WaitForExit();
    }

    public void Dispose() => Run("stop");

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
