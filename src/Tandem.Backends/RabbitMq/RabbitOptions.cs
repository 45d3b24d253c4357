namespace Tandem.Backends.RabbitMq;

/// <summary>Settings of a raw log in a RabbitMQ stream.</summary>
public sealed record RabbitOptions
{
    /// <summary>The broker.</summary>
    public required AmqpAddress Address { get; init; }

    /// <summary>Name of the stream, 1 to 200 characters; made where there is none.</summary>
    public required string Stream
    {
        get;
        init
        {
            ArgumentException.ThrowIfNullOrEmpty(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, 200, nameof(value));
            field = value;
        }
    }

    /// <summary>How long opening tries to reach the broker, and waits for another writer to go. Default 15 s.</summary>
    public TimeSpan OpenDeadline { get; init => field = Positive(value); } = TimeSpan.FromSeconds(15);

    /// <summary>How long an append waits for the broker before it is refused, though it may still become durable. Default
    /// 10 s.</summary>
    public TimeSpan Patience { get; init => field = Positive(value); } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time of one attempt to connect, read on or have something confirmed. Default 30 s.</summary>
    public TimeSpan AttemptTimeout { get; init => field = Positive(value); } = TimeSpan.FromSeconds(30);

    /// <summary>Wait before the second attempt; later ones wait longer, up to 2 s, all with jitter. Default
    /// 100 ms.</summary>
    public TimeSpan RetryDelay { get; init => field = Positive(value); } = TimeSpan.FromMilliseconds(100);

    private static TimeSpan Positive(TimeSpan value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
        return value;
    }
}
