using Amazon.Runtime;

namespace Tandem.Backends.S3;

/// <summary>Settings of a store on S3.</summary>
public sealed record S3Options
{
    private const int SmallestPart = 5 << 20;

    /// <summary>Bucket and prefix.</summary>
    public required S3Address Address { get; init; }

    /// <summary>Local folder for staging and for the cache; made where there is none. Several processes may share
    /// it.</summary>
    public required string LocalFolder { get; init; }

    /// <summary>A server of one's own, addressed by path; null takes Amazon's, in the region of the SDK's usual
    /// settings. Default null.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Who asks; null takes the SDK's usual chain: environment, profile, role. Default null.</summary>
    public AWSCredentials? Credentials { get; init; }

    /// <summary>Bytes that the cache keeps, at least 0; what was asked for within <see cref="CacheGrace"/> stays even
    /// beyond it. Default 10 GiB.</summary>
    public long CacheBytes { get; init => field = AtLeast(value, 0); } = 10L << 30;

    /// <summary>How long a cached file stays after it was last asked for, whatever the bound: its reader may not have
    /// opened it yet. Default 1 hour.</summary>
    public TimeSpan CacheGrace { get; init => field = Positive(value); } = TimeSpan.FromHours(1);

    /// <summary>Objects longer than this are written in parts of this many bytes, at least 5 MiB (S3's rule). Default
    /// 16 MiB.</summary>
    public long PartBytes { get; init => field = AtLeast(value, SmallestPart); } = 16 << 20;

    /// <summary>Names asked for at once when listing, 1 to 1,000. Default 1,000.</summary>
    public int PageSize { get; init => field = (int)AtLeast(value, 1); } = 1000;

    /// <summary>Attempts at one request before it is given up, at least 2. Default 6.</summary>
    public int AttemptCount { get; init => field = (int)AtLeast(value, 2); } = 6;

    /// <summary>Wait before the second attempt; later ones wait longer, all with jitter. Default 100 ms.</summary>
    public TimeSpan RetryDelay { get; init => field = Positive(value); } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest time of one attempt, without the time for its bytes (<see cref="SlowestBytesPerSecond"/>).
    /// Default 20 s.</summary>
    public TimeSpan AttemptTimeout { get; init => field = Positive(value); } = TimeSpan.FromSeconds(20);

    /// <summary>Longest time of all attempts at one request, without the time for its bytes. Default 1 minute.</summary>
    public TimeSpan Deadline { get; init => field = Positive(value); } = TimeSpan.FromMinutes(1);

    /// <summary>The slowest transfer that is waited for, at least 1. Default 256 KiB a second.</summary>
    public long SlowestBytesPerSecond { get; init => field = AtLeast(value, 1); } = 256 << 10;

    /// <summary>Reads the address of a server of one's own.</summary>
    /// <param name="text"><c>http://host:port</c> or <c>https://host:port</c>.</param>
    /// <exception cref="Tandem.Faults.TandemException">BCK002: it is none. It may carry a password, so it is not
    /// repeated.</exception>
    public static Uri ParseEndpoint(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"
            && uri is { UserInfo: "", PathAndQuery: "/", Fragment: "" }
            ? uri
            : throw BackendErrors.BadEndpoint();

    private static long AtLeast(long value, long least)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least);
        return value;
    }

    private static TimeSpan Positive(TimeSpan value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
        return value;
    }
}
