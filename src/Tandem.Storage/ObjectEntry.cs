namespace Tandem.Storage;

/// <summary>One stored object.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Bytes">Its length in bytes.</param>
/// <param name="Modified">When it was written, UTC.</param>
public sealed record ObjectEntry(string Key, long Bytes, DateTimeOffset Modified);
