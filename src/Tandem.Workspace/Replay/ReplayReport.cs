namespace Tandem.Workspace.Replay;

/// <summary>What a replay sent, and how the service kept up.</summary>
/// <param name="Sent">Events sent and answered.</param>
/// <param name="Accepted">Events that the service accepted.</param>
/// <param name="Refused">Events that it put into quarantine.</param>
/// <param name="Requests">Requests that carried them.</param>
/// <param name="Retries">Requests that were sent again because the service was busy.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="EventsPerSecond">Mean rate.</param>
/// <param name="LagSeconds">How far the last request was behind its time when it was sent.</param>
/// <param name="LargestLagSeconds">The largest such lag.</param>
/// <param name="P50Milliseconds">Median time from a request to its answer.</param>
/// <param name="P99Milliseconds">99th percentile of that time.</param>
/// <param name="Until">Time of the newest event sent, or null.</param>
public sealed record ReplayReport(
    long Sent, long Accepted, long Refused, long Requests, long Retries, double Seconds, double EventsPerSecond,
    double LagSeconds, double LargestLagSeconds, double P50Milliseconds, double P99Milliseconds, DateTimeOffset? Until);
