namespace Tandem.Spec;

/// <summary>What the system must reach; <c>tandem verify</c> measures it.</summary>
public sealed record RequirementsSpec
{
    /// <summary>99th percentile of answer time in milliseconds, or null.</summary>
    public double? P99Milliseconds { get; init; }

    /// <summary>Requests per second, or null.</summary>
    public double? RequestsPerSecond { get; init; }

    /// <summary>Catalogue size to hold, or null.</summary>
    public long? Items { get; init; }

    /// <summary>Longest time from event to effect, or null.</summary>
    public TimeSpan? Freshness { get; init; }

    /// <summary>Smallest allowed value of a metric, such as <c>ndcg@10</c>.</summary>
    public IReadOnlyDictionary<string, double> Floors { get; init; } =
        new Dictionary<string, double>(StringComparer.Ordinal);
}
