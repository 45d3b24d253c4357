namespace Tandem.Lake;

/// <summary>A file of the lake that was made of smaller ones, or would be.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Key">Its name; its folder, ended by a slash, where nothing was written.</param>
/// <param name="Sources">How many files it was made of.</param>
/// <param name="Rows">Its rows: all of theirs.</param>
/// <param name="SourceBytes">Their length together.</param>
/// <param name="Bytes">Its length, or null where nothing was written.</param>
public sealed record LakeMergedFile(
    string Table, string Key, int Sources, long Rows, long SourceBytes, long? Bytes);
