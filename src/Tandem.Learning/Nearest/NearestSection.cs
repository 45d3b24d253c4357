namespace Tandem.Learning.Nearest;

/// <summary>A named array of an index, as bytes.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Bytes">Its bytes, little-endian.</param>
internal readonly record struct NearestSection(string Name, ReadOnlyMemory<byte> Bytes);
