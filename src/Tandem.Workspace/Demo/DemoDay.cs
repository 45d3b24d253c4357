namespace Tandem.Workspace.Demo;

/// <summary>One live day of the demonstration, in numbers.</summary>
public sealed record DemoDay
{
    /// <summary>Day of the world, from 1.</summary>
    public required int Day { get; init; }

    /// <summary>Requests answered.</summary>
    public required int Requests { get; init; }

    /// <summary>Median time of a request as the client sees it, in milliseconds.</summary>
    public required double P50Milliseconds { get; init; }

    /// <summary>99th percentile of the same.</summary>
    public required double P99Milliseconds { get; init; }

    /// <summary>Requests that failed.</summary>
    public required int Failures { get; init; }

    /// <summary>Plays that satisfied, for each request.</summary>
    public required double SatisfiedPerRequest { get; init; }

    /// <summary>Share of the next answers that a satisfied play changed, chance aside.</summary>
    public required double ChangedByClick { get; init; }

    /// <summary>Share in which it also changed what the model prefers: with nothing left out for having been
    /// seen.</summary>
    public required double RerankedByClick { get; init; }

    /// <summary>Mean truth of the served lists: discounted expected satisfaction as a share of the best list.</summary>
    public required double OracleNdcg { get; init; }

    /// <summary>The same for each six hours of the day, from midnight.</summary>
    public required IReadOnlyList<double> OracleNdcgByQuarter { get; init; }

    /// <summary>Lower end of its 95 % interval (normal, over requests).</summary>
    public required double OracleNdcgLow { get; init; }

    /// <summary>Upper end of the interval.</summary>
    public required double OracleNdcgHigh { get; init; }

    /// <summary>Share of satisfied plays whose item was not among the first three shown.</summary>
    public required double ErrorRate { get; init; }

    /// <summary>Version that served at the end of the day.</summary>
    public required string ModelVersion { get; init; }

    /// <summary>The day's drift report in a few words.</summary>
    public required string DataDrift { get; init; }

    /// <summary>The day's skew report in a few words: values served against the same values computed again.</summary>
    public required string Skew { get; init; }

    /// <summary>When concept drift was detected, or null.</summary>
    public DateTimeOffset? DetectedAt { get; init; }

    /// <summary>Training runs of the day, in words.</summary>
    public required IReadOnlyList<string> Runs { get; init; }

    /// <summary>What failed in the background, in words.</summary>
    public required IReadOnlyList<string> Problems { get; init; }
}
