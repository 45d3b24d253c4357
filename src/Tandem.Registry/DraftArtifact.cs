namespace Tandem.Registry;

/// <summary>Bytes of a model on their way into the registry: in memory, or in a file.</summary>
public sealed class DraftArtifact
{
    private DraftArtifact(ReadOnlyMemory<byte> bytes, string? path)
    {
        Bytes = bytes;
        Path = path;
    }

    /// <summary>An artifact in memory.</summary>
    /// <param name="bytes">All its bytes; must not change until publishing ends.</param>
    public static DraftArtifact FromBytes(ReadOnlyMemory<byte> bytes) => new(bytes, null);

    /// <summary>An artifact in a finished local file, which moves into the registry.</summary>
    /// <param name="path">A file made under the store's staging folder; gone after publishing.</param>
    public static DraftArtifact FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new DraftArtifact(default, path);
    }

    internal ReadOnlyMemory<byte> Bytes { get; }

    internal string? Path { get; }
}
