namespace Tandem.Lake;

/// <summary>What an erasure did to the lake, or would do.</summary>
/// <param name="Rows">Rows that named the person, counted once however many manifests and files had them.</param>
/// <param name="Files">The files that held them.</param>
/// <param name="Manifests">Numbers of the manifests that named such a file.</param>
public sealed record LakeErasure(
    long Rows, IReadOnlyList<LakeErasedFile> Files, IReadOnlyList<long> Manifests);
