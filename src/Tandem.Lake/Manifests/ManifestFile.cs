namespace Tandem.Lake.Manifests;

/// <summary>A manifest as it is stored: led by what it is and by which version of the format.</summary>
internal sealed record ManifestFile
{
    /// <summary>The one format name.</summary>
    public const string FormatName = "tandem-lake";

    /// <summary>The version this build writes, and the latest it reads.</summary>
    public const int CurrentVersion = 1;

    public required string Format { get; init; }

    public required int Version { get; init; }

    public required LakeManifest Manifest { get; init; }
}
