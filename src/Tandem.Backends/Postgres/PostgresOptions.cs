namespace Tandem.Backends.Postgres;

/// <summary>Settings of online features in PostgreSQL.</summary>
public sealed record PostgresOptions
{
    /// <summary>The database.</summary>
    public required PostgresAddress Address { get; init; }

    /// <summary>Name of the system there: everything of it lies in a schema of that name, made where there is
    /// none.</summary>
    public required string Name
    {
        get;
        init
        {
            ArgumentException.ThrowIfNullOrEmpty(value);
            field = value;
        }
    }

    /// <summary>How far before the newest known time questions are answered exactly, at least zero. Default 1
    /// hour.</summary>
    public TimeSpan LookBack { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Bytes of memory for series that the process which applies keeps, about, above zero; when they are full it
    /// begins anew. Default 256 MiB.</summary>
    public long ApplyingBytes { get; init => field = Positive(value); } = 256 << 20;

    /// <summary>Connections at most, 1 to 1,000; further questions wait for one, as long as <see cref="Patience"/>.
    /// Default 16.</summary>
    public int Connections
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1000);
            field = value;
        }
    }
    = 16;

    /// <summary>How long a question waits for the server before it fails. Default 1 s.</summary>
    public TimeSpan Patience { get; init => field = Positive(value); } = TimeSpan.FromSeconds(1);

    /// <summary>How long questions fail at once, after several in a row failed, before the server is tried again. At
    /// least 500 ms; default 1 s.</summary>
    public TimeSpan Pause { get; init => field = Positive(value); } = TimeSpan.FromSeconds(1);

    /// <summary>Longest time of one batch that is applied. Default 30 s.</summary>
    public TimeSpan ApplyTimeout { get; init => field = Positive(value); } = TimeSpan.FromSeconds(30);

    /// <summary>Wait before applying is tried again; later ones wait longer, up to 2 s, all with jitter. Default
    /// 100 ms.</summary>
    public TimeSpan RetryDelay { get; init => field = Positive(value); } = TimeSpan.FromMilliseconds(100);

    private static TimeSpan Positive(TimeSpan value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
        return value;
    }

    private static long Positive(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        return value;
    }
}
