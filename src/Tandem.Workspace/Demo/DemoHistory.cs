namespace Tandem.Workspace.Demo;

/// <summary>The recorded days of the demonstration, in numbers.</summary>
/// <param name="Events">Events in the log.</param>
/// <param name="Users">Users by the end.</param>
/// <param name="Items">Videos by the end.</param>
/// <param name="AppendSeconds">Seconds to generate and append durably.</param>
/// <param name="CompactSeconds">Seconds to compact into the lake.</param>
/// <param name="Files">Parquet files.</param>
/// <param name="LakeBytes">Their bytes.</param>
public sealed record DemoHistory(
    long Events, int Users, int Items, double AppendSeconds, double CompactSeconds, int Files, long LakeBytes);
