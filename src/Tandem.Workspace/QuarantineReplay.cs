namespace Tandem.Workspace;

/// <summary>What became of quarantined rows that were put through the door again.</summary>
/// <param name="Accepted">Rows that are events now, and no longer in quarantine.</param>
/// <param name="Refused">Rows that were refused again and stay.</param>
/// <param name="FromFiles">Rows of files that could not be cut into fields, which stay: importing the corrected file takes
/// them.</param>
/// <param name="Partial">Rows of which not all was kept, which stay.</param>
/// <param name="Reasons">How many were refused again, by the fault's code.</param>
public sealed record QuarantineReplay(
    long Accepted, long Refused, long FromFiles, long Partial, IReadOnlyDictionary<string, long> Reasons);
