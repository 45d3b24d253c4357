using Tandem.Faults;

namespace Tandem.Workspace;

/// <summary>A job of the background that failed.</summary>
/// <param name="Time">When, by the workspace's clock.</param>
/// <param name="Job">Which: compaction, feature snapshot, training, drift report, model swap or alert.</param>
/// <param name="Fault">What went wrong, and what to do.</param>
public sealed record LoopProblem(DateTimeOffset Time, string Job, Fault Fault);
