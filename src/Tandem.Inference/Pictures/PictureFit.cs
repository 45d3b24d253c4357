namespace Tandem.Inference.Pictures;

/// <summary>How a picture comes to a size of another aspect.</summary>
public enum PictureFit
{
    /// <summary>Covers the size, keeping its aspect; what juts out is cut off, the same on both sides.</summary>
    Crop = 0,

    /// <summary>Lies within the size, keeping its aspect, in the middle; the rest is white.</summary>
    Fit = 1,

    /// <summary>Stretched to the size.</summary>
    Fill = 2,
}
