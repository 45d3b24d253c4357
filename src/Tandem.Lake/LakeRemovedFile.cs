namespace Tandem.Lake;

/// <summary>A file of the lake that a vacuum removed, or would remove.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Bytes">Its length.</param>
public sealed record LakeRemovedFile(string Key, long Bytes);
