namespace Tandem.Inference.Pictures;

/// <summary>What a picture may cost. A picture beyond a limit is refused with INF010 before its pixels are
/// decoded.</summary>
public sealed record PictureLimits
{
    /// <summary>Most bytes of the file; 32 MiB by default.</summary>
    public int MaxBytes { get; init; } = 32 << 20;

    /// <summary>Most pixels, columns times rows; 67,108,864 by default.</summary>
    public long MaxPixels { get; init; } = 1 << 26;

    /// <summary>Most frames of an animation, of which the first is read; 1,000 by default.</summary>
    public int MaxFrames { get; init; } = 1000;
}
