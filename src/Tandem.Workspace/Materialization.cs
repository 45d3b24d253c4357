namespace Tandem.Workspace;

/// <summary>What the lake and the features' snapshot hold after a materialization.</summary>
/// <param name="Manifest">Number of the lake's manifest.</param>
/// <param name="Until">Place in the raw log up to which the lake holds everything.</param>
public sealed record Materialization(long Manifest, long Until);
