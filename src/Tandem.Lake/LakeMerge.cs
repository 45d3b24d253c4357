namespace Tandem.Lake;

/// <summary>What a merge did to the lake, or would do.</summary>
/// <param name="Latest">The manifest that is then the latest.</param>
/// <param name="Files">The files it made, or would make; none where there was nothing to merge.</param>
public sealed record LakeMerge(LakeManifest Latest, IReadOnlyList<LakeMergedFile> Files);
