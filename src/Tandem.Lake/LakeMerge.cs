namespace Tandem.Lake;

/// <summary>What a merge did to the lake.</summary>
/// <param name="Latest">The manifest that is then the latest.</param>
/// <param name="Files">The files it made; none where there was nothing to merge.</param>
public sealed record LakeMerge(LakeManifest Latest, IReadOnlyList<LakeMergedFile> Files);
