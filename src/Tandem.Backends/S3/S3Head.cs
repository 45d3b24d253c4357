namespace Tandem.Backends.S3;

/// <summary>What the server says of an object.</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="Modified">When it was written, UTC.</param>
/// <param name="Hash">Its recorded hash, or null where another program wrote it.</param>
/// <param name="Writer">Mark of the call that wrote it, or null.</param>
internal sealed record S3Head(long Bytes, DateTimeOffset Modified, string? Hash, string? Writer);
