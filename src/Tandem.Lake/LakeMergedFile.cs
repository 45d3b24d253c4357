namespace Tandem.Lake;

/// <summary>A file of the lake that was made of smaller ones.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Key">Its name.</param>
/// <param name="Sources">How many files it was made of.</param>
/// <param name="Rows">Its rows: all of theirs.</param>
/// <param name="SourceBytes">Their length together.</param>
/// <param name="Bytes">Its length.</param>
public sealed record LakeMergedFile(
    string Table, string Key, int Sources, long Rows, long SourceBytes, long Bytes);
