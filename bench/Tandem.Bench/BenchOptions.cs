namespace Tandem.Bench;

/// <summary>Where and for how long is measured.</summary>
public sealed record BenchOptions
{
    /// <summary>Folder for what is written, on the disk to be measured; emptied afterwards.</summary>
    public required string Folder { get; init; }

    /// <summary>Events of the lake that training sets are made from, at least 1,000; default 1,000,000. There is a label
    /// to every two. Also how many vectors are searched.</summary>
    public long Rows
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1000);
            field = value;
        }
    }
    = 1_000_000;

    /// <summary>Address of a broker whose streams are measured too, <c>amqp://user:password@host:port/vhost</c>; null for
    /// none.</summary>
    public string? Broker { get; init; }

    /// <summary>Address of a PostgreSQL database in which online features are measured too,
    /// <c>postgres://user@host:port/database</c>; null for none.</summary>
    public string? FeatureServer { get; init; }

    /// <summary>Its user's password; null takes what the address says.</summary>
    public string? FeaturePassword { get; init; }

    /// <summary>Program of the peer of nearest vectors, built from <c>bench/peers/hnsw.cpp</c>; null for none.</summary>
    public string? NearestPeer { get; init; }

    /// <summary>Length of one measurement in seconds, above 0; default 2.</summary>
    public double Seconds
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            field = value;
        }
    }
    = 2;

    /// <summary>How often ours and its peer take turns, at least 1; default 5. What is reported is the median.</summary>
    public int Rounds
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    }
    = 5;
}
