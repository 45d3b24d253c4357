using System.Diagnostics;
using System.Globalization;
using RabbitMQ.Client;
using Tandem.Backends.RabbitMq;

namespace Tandem.Bench.Journal;

/// <summary>The least that a log in a broker's stream can be: one publisher sends ready messages and waits until the
/// broker has confirmed all of a group, again and again. It keeps no copy, shuts nobody out and could not
/// recover.</summary>
internal static class BareStream
{
    /// <summary>Lines of one message, as the journal cuts them.</summary>
    public const int MessageLines = 100;

    /// <summary>Measures lines a second.</summary>
    /// <param name="options">Where and for how long.</param>
    /// <param name="line">A line as the journal writes it.</param>
    /// <param name="groupLines">Lines that are confirmed together.</param>
    public static async Task<double> RunAsync(BenchOptions options, byte[] line, int groupLines)
    {
        string stream = NewName();
        await using IConnection connection = await ConnectAsync(options);
        await using IChannel channel = await connection.CreateChannelAsync(new CreateChannelOptions(
            publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false));
        PublisherConfirms confirms = new();
        channel.BasicAcksAsync += (_, ack) =>
        {
            confirms.Settle(ack.DeliveryTag, ack.Multiple);
            return Task.CompletedTask;
        };
        await channel.QueueDeclareAsync(
            stream, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["x-queue-type"] = "stream" });
        byte[][] group = [.. Enumerable.Repeat(line, groupLines).Chunk(MessageLines)
            .Select(static lines => lines.SelectMany(static bytes => bytes).ToArray())];
        long published = 0;
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed.TotalSeconds < options.Seconds)
        {
            foreach (byte[] message in group)
            {
                confirms.Add();
                await channel.BasicPublishAsync("", stream, mandatory: true, new BasicProperties(), message);
            }

            await confirms.WaitAsync();
            published += groupLines;
        }

        double seconds = watch.Elapsed.TotalSeconds;
        await channel.QueueDeleteAsync(stream);
        return published / seconds;
    }

    /// <summary>A stream of its own for one measurement.</summary>
    public static string NewName() => $"tandem.bench.{Path.GetRandomFileName()}";

    /// <summary>Deletes a stream with all it holds.</summary>
    public static async Task DeleteAsync(BenchOptions options, string stream)
    {
        await using IConnection connection = await ConnectAsync(options);
        await using IChannel channel = await connection.CreateChannelAsync();
        await channel.QueueDeleteAsync(stream);
    }

    private static Task<IConnection> ConnectAsync(BenchOptions options)
    {
        var address = AmqpAddress.Parse(options.Broker!);
        return new ConnectionFactory
        {
            HostName = address.Host,
            Port = address.Port,
            VirtualHost = address.VirtualHost,
            UserName = address.User,
            Password = address.Password,
            Ssl = new SslOption(address.Host, enabled: address.IsTls),
            ClientProvidedName = string.Create(CultureInfo.InvariantCulture, $"tandem bench {Environment.ProcessId}"),
        }.CreateConnectionAsync();
    }
}
