namespace Tandem.Training;

/// <summary>Which impressions become rows of a training set, and as known when.</summary>
public sealed record LabelledSetRequest
{
    /// <summary>Most rows unless asked otherwise.</summary>
    public const int DefaultRows = 50_000;

    /// <summary>Start of the impressions' window, inclusive.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Its end, exclusive.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Only what was known then counts, labels included; later labels make another set.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>True to keep impressions whose time for a label is not over, as negatives so far: to order models, not to
    /// learn from.</summary>
    public bool KeepImmature { get; init; }

    /// <summary>Most rows, at least 1; where the window holds more, whole requests are left out by hash.</summary>
    public int MaximumRows { get; init; } = DefaultRows;
}
