namespace Tandem.Bench;

/// <summary>A folder of its own for one measurement, removed with all it holds.</summary>
public sealed class ScratchFolder : IDisposable
{
    /// <summary>Makes the folder.</summary>
    /// <param name="parent">Where.</param>
    public ScratchFolder(string parent)
    {
        Path = System.IO.Path.Combine(parent, "tandem-bench-" + System.IO.Path.GetRandomFileName());
        Directory.CreateDirectory(Path);
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>A file in it.</summary>
    /// <param name="name">The file's name.</param>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
