namespace Tandem.Server;

/// <summary>Where the server listens, who may call it, and how much it takes. <c>docs/http.md</c> lists limits and what
/// happens beyond them.</summary>
public sealed record ServerOptions
{
    /// <summary>Address where nothing else is said: loopback, port 8080.</summary>
    public const string DefaultAddress = "http://127.0.0.1:8080";

    /// <summary>Fewest characters of an API key.</summary>
    public const int ShortestKey = 16;

    /// <summary>Where to listen: <c>http://host:port</c>, port 0 takes a free one. Default loopback, port
    /// 8080.</summary>
    public string Address { get; init; } = DefaultAddress;

    /// <summary>Keys of which callers must send one; default none, which only loopback addresses allow.</summary>
    public IReadOnlyList<string> ApiKeys { get; init; } = [];

    /// <summary>Longest body in bytes, default 8 MiB.</summary>
    public int BodyBytes { get; init => field = Positive(value); } = 8 * 1024 * 1024;

    /// <summary>Longest that a packed body may unpack to, in bytes, default 32 MiB.</summary>
    public int UnpackedBytes { get; init => field = Positive(value); } = 32 * 1024 * 1024;

    /// <summary>Most events of one request, default 100,000.</summary>
    public int EventsPerRequest { get; init => field = Positive(value); } = 100_000;

    /// <summary>Most feature values of one request, rows times columns, default 100,000.</summary>
    public int FeatureValuesPerRequest { get; init => field = Positive(value); } = 100_000;

    /// <summary>Most headers of a request, default 64.</summary>
    public int HeaderCount { get; init => field = Positive(value); } = 64;

    /// <summary>Most bytes of all headers together, default 16 KiB.</summary>
    public int HeaderBytes { get; init => field = Positive(value); } = 16 * 1024;

    /// <summary>Deepest nesting of a JSON body, default 32.</summary>
    public int JsonDepth { get; init => field = Positive(value); } = 32;

    /// <summary>Requests in work at once, default 256; as many again may wait.</summary>
    public int ConcurrentRequests { get; init => field = Positive(value); } = 256;

    /// <summary>Requests a second, over time, default 20 000; as many again at once.</summary>
    public int RequestsPerSecond { get; init => field = Positive(value); } = 20_000;

    /// <summary>Live streams at once, default 32.</summary>
    public int LiveStreams { get; init => field = Positive(value); } = 32;

    /// <summary>Folder of the studio's files; default <c>studio</c> beside the program.</summary>
    public string StudioFolder { get; init; } = Path.Combine(AppContext.BaseDirectory, "studio");

    /// <summary>Told of failures that nobody expected, after the caller was answered 500; default nobody.</summary>
    public Action<Exception>? UnexpectedFailure { get; init; }

    /// <summary>Options with the keys of the environment variable <c>TANDEM__APIKEYS</c>, separated by
    /// commas.</summary>
    public static ServerOptions FromEnvironment() => new()
    {
        ApiKeys = (Environment.GetEnvironmentVariable("TANDEM__APIKEYS") ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
    };

    /// <summary>Checks everything that can be checked before listening.</summary>
    /// <returns>The address.</returns>
    /// <exception cref="Faults.TandemException">HTP001: a public address without keys. HTP002: the address is none.
    /// HTP003: a key is too short.</exception>
    internal Uri Check()
    {
        if (!Uri.TryCreate(Address, UriKind.Absolute, out Uri? uri) || uri.Scheme != Uri.UriSchemeHttp
            || uri.PathAndQuery != "/")
        {
            throw ServerErrors.BadAddress(Address);
        }

        if (ApiKeys.Any(key => key.Length < ShortestKey))
        {
            throw ServerErrors.ShortKey();
        }

        return uri.IsLoopback || ApiKeys.Count > 0 ? uri : throw ServerErrors.PublicWithoutKeys(Address);
    }

    private static int Positive(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        return value;
    }
}
