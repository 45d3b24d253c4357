namespace Tandem.Lake;

/// <summary>A file of the lake that held rows of a person.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Rows">Rows that named the person.</param>
/// <param name="Successor">The file that took its place; null where no row was left, or nothing was written.</param>
public sealed record LakeErasedFile(string Key, long Rows, string? Successor);
