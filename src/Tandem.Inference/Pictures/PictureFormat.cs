namespace Tandem.Inference.Pictures;

/// <summary>Formats of pictures that are read.</summary>
public enum PictureFormat
{
    /// <summary>PNG.</summary>
    Png = 0,

    /// <summary>JPEG.</summary>
    Jpeg = 1,

    /// <summary>WebP, lossy or lossless.</summary>
    WebP = 2,
}
