namespace Tandem.Registry;

/// <summary>A span of event time.</summary>
/// <param name="From">First moment, UTC, inclusive.</param>
/// <param name="To">Last moment, UTC, exclusive.</param>
public sealed record DataWindow(DateTimeOffset From, DateTimeOffset To);
