using Tandem.Backends.RabbitMq;
using Tandem.Testing;

namespace Tandem.Backends.Tests.RabbitMq;

/// <summary>Settings of tests.</summary>
internal static class TestBroker
{
    /// <summary>Everybody's broker, or null.</summary>
    public static string? Address => BrokerProcess.Shared;

    /// <summary>Settings for a stream of one's own.</summary>
    public static RabbitOptions Options(string? address = null) => new()
    {
        Address = AmqpAddress.Parse(address ?? Address!),
        Stream = $"test.{Path.GetRandomFileName()}",
        RetryDelay = TimeSpan.FromMilliseconds(20),
    };
}
