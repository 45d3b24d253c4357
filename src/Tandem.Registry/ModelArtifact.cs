namespace Tandem.Registry;

/// <summary>One stored piece of a model version.</summary>
/// <param name="Name">Its name within the version.</param>
/// <param name="Hash">Hash of its bytes, <c>sha256:</c> and 64 hexadecimal digits in lower case.</param>
/// <param name="Bytes">Its length in bytes.</param>
public sealed record ModelArtifact(string Name, string Hash, long Bytes);
