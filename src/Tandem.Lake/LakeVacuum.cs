namespace Tandem.Lake;

/// <summary>What a vacuum removed, or would remove.</summary>
/// <param name="Kept">Numbers of the manifests that stay, in order.</param>
/// <param name="Manifests">Numbers of those that go, in order.</param>
/// <param name="Files">The files that no kept manifest names.</param>
public sealed record LakeVacuum(
    IReadOnlyList<long> Kept, IReadOnlyList<long> Manifests, IReadOnlyList<LakeRemovedFile> Files)
{
    /// <summary>Length of the files together.</summary>
    public long Bytes => Files.Sum(static file => file.Bytes);
}
