using System.Runtime.CompilerServices;
using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using Tandem.Events;

namespace Tandem.Backends.RabbitMq;

/// <summary>One connection to the broker, from its log-in to its loss. While it lives nobody else writes the stream: it
/// holds a queue that the broker gives to one connection only.</summary>
internal sealed class RabbitLink : IAsyncDisposable
{
    private const ushort Prefetch = 64;
    private static readonly TimeSpan HolderPatience = TimeSpan.FromSeconds(2);

    private readonly RabbitOptions _options;
    private readonly string _writer;
    private readonly IConnection _connection;
    private readonly IChannel _publishing;
    private readonly PublisherConfirms _confirms = new();

    private RabbitLink(
        RabbitOptions options, string session, string writer, IConnection connection, IChannel publishing)
    {
        Session = session;
        _options = options;
        _writer = writer;
        _connection = connection;
        _publishing = publishing;
        publishing.BasicAcksAsync += (_, ack) =>
        {
            _confirms.Settle(ack.DeliveryTag, ack.Multiple);
            return Task.CompletedTask;
        };
        publishing.BasicNacksAsync += (_, _) => FailAsync("the broker refused a message");
        publishing.BasicReturnAsync += (_, _) => FailAsync("the stream was deleted");
        publishing.ChannelShutdownAsync += (_, reason) =>
        {
            _confirms.Fail(new OperationInterruptedException(reason));
            return Task.CompletedTask;
        };
    }

    /// <summary>Names the messages of this connection.</summary>
    public string Session { get; }

    /// <summary>Connects, shuts other writers out, and makes the stream where there is none.</summary>
    /// <param name="options">Broker and stream.</param>
    /// <param name="session">Names the messages of this connection.</param>
    /// <param name="writer">This process, for messages.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="StreamHeldException">Another connection writes.</exception>
    public static async Task<RabbitLink> OpenAsync(
        RabbitOptions options, string session, string writer, CancellationToken cancellationToken)
    {
        IConnection connection = await Factory(options, writer).CreateConnectionAsync(cancellationToken)
            .ConfigureAwait(false);
        try
        {
            IChannel channel = await connection.CreateChannelAsync(
                new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false),
                cancellationToken).ConfigureAwait(false);
            RabbitLink link = new(options, session, writer, connection, channel);
            await link.HoldAsync(cancellationToken).ConfigureAwait(false);
            await channel.QueueDeclareAsync(
                options.Stream, durable: true, exclusive: false, autoDelete: false,
                new Dictionary<string, object?>(StringComparer.Ordinal) { ["x-queue-type"] = "stream" },
                cancellationToken: cancellationToken).ConfigureAwait(false);
            return link;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sends a fence, and reads the stream up to it.</summary>
    /// <param name="offset">Where to begin; null for the first message.</param>
    /// <param name="take">Gets the messages in order, the fence not among them.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The fence; null where the stream does not reach to the offset.</returns>
    public async Task<StreamMessage?> FenceAsync(
        long? offset, Action<StreamMessage> take, CancellationToken cancellationToken)
    {
        await PublishAsync(
            [new StreamMessage(true, Session, _writer, "", 0, ReadOnlyMemory<byte>.Empty, -1)], cancellationToken)
            .ConfigureAwait(false);

        // The broker would wait for an offset that does not exist yet.
        if ((await LastAsync(cancellationToken).ConfigureAwait(false))?.Offset < offset)
        {
            return null;
        }

        IChannel channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        await using ConfiguredAsyncDisposable closing = channel.ConfigureAwait(false);
        ChannelReader<Delivery> deliveries = await ConsumeAsync(
            channel, offset is null ? "first" : offset, cancellationToken).ConfigureAwait(false);
        for (int count = 1; ; count++)
        {
            Delivery delivery = await deliveries.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (delivery.Message is { } message)
            {
                if (message.IsFence && message.Session == Session)
                {
                    return message;
                }

                take(message);
            }

            if (count % (Prefetch / 2) == 0)
            {
                await channel.BasicAckAsync(delivery.Tag, multiple: true, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Sends pieces of the log, and completes when all of them are confirmed.</summary>
    public Task PublishAsync(
        IEnumerable<JournalPiece> pieces, string log, CancellationToken cancellationToken) => PublishAsync(
            pieces.Select(piece => new StreamMessage(false, Session, _writer, log, piece.Start, piece.Bytes, -1)),
            cancellationToken);

    /// <summary>Finds a message near the end of the stream, at most what the broker wrote together with the last.</summary>
    public async Task<StreamMessage?> LastAsync(CancellationToken cancellationToken)
    {
        IChannel channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        await using ConfiguredAsyncDisposable closing = channel.ConfigureAwait(false);
        ChannelReader<Delivery> deliveries = await ConsumeAsync(channel, "last", cancellationToken)
            .ConfigureAwait(false);
        return (await deliveries.ReadAsync(cancellationToken).ConfigureAwait(false)).Message;
    }

    public async ValueTask DisposeAsync()
    {
        _confirms.Fail(new ObjectDisposedException(nameof(RabbitLink)));
        await _publishing.DisposeAsync().ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    private static ConnectionFactory Factory(RabbitOptions options, string writer) => new()
    {
        HostName = options.Address.Host,
        Port = options.Address.Port,
        VirtualHost = options.Address.VirtualHost,
        UserName = options.Address.User,
        Password = options.Address.Password,
        Ssl = new SslOption(options.Address.Host, enabled: options.Address.IsTls),
        ClientProvidedName = $"Tandem, {writer}",

        // A connection that comes back by itself would have lost its hold on the stream.
        AutomaticRecoveryEnabled = false,
        TopologyRecoveryEnabled = false,
        RequestedHeartbeat = TimeSpan.FromSeconds(10),
        RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
        ContinuationTimeout = TimeSpan.FromSeconds(10),
    };

    private async Task HoldAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _publishing.QueueDeclareAsync(
                _options.Stream + ".writer", durable: false, exclusive: true, autoDelete: true,
                cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.ResourceLocked)
        {
            throw new StreamHeldException(await HolderAsync(cancellationToken).ConfigureAwait(false), e);
        }
    }

    // Who wrote last; nobody else can tell.
    private async Task<string> HolderAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            stop.CancelAfter(HolderPatience);
            return (await LastAsync(stop.Token).ConfigureAwait(false))?.Writer ?? "another process";
        }
        catch (Exception e) when (e is OperationInterruptedException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return "another process";
        }
    }

    private async Task PublishAsync(IEnumerable<StreamMessage> messages, CancellationToken cancellationToken)
    {
        foreach (StreamMessage message in messages)
        {
            _confirms.Add();
            await _publishing.BasicPublishAsync(
                "", _options.Stream, mandatory: true, message.ToProperties(), message.Bytes, cancellationToken)
                .ConfigureAwait(false);
        }

        await _confirms.WaitAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<ChannelReader<Delivery>> ConsumeAsync(
        IChannel channel, object offset, CancellationToken cancellationToken)
    {
        // What waits here is bounded by the prefetch.
        var deliveries = Channel.CreateUnbounded<Delivery>();
        AsyncEventingBasicConsumer consumer = new(channel);
        consumer.ReceivedAsync += (_, delivered) =>
        {
            try
            {
                deliveries.Writer.TryWrite(new Delivery(
                    delivered.DeliveryTag, StreamMessage.Read(delivered.BasicProperties, delivered.Body)));
            }
            catch (Faults.TandemException e)
            {
                deliveries.Writer.TryComplete(e);
            }

            return Task.CompletedTask;
        };
        channel.ChannelShutdownAsync += (_, reason) =>
        {
            deliveries.Writer.TryComplete(new OperationInterruptedException(reason));
            return Task.CompletedTask;
        };
        await channel.BasicQosAsync(0, Prefetch, global: false, cancellationToken).ConfigureAwait(false);
        await channel.BasicConsumeAsync(
            _options.Stream, autoAck: false, consumerTag: "", noLocal: false, exclusive: false,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["x-stream-offset"] = offset },
            consumer, cancellationToken).ConfigureAwait(false);
        return deliveries.Reader;
    }

    private Task FailAsync(string why)
    {
        _confirms.Fail(new StreamRefusedException(why));
        return Task.CompletedTask;
    }

    /// <summary>What the broker delivered; no message where a stranger wrote it.</summary>
    private readonly record struct Delivery(ulong Tag, StreamMessage? Message);
}
