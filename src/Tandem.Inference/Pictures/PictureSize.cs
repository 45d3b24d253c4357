namespace Tandem.Inference.Pictures;

/// <summary>A size that a picture is brought to.</summary>
public readonly record struct PictureSize
{
    /// <summary>Most pixels of a side.</summary>
    public const int MaxSide = 8192;

    /// <summary>Names a size.</summary>
    /// <param name="width">Columns, from 1 to <see cref="MaxSide"/>.</param>
    /// <param name="height">Rows, from 1 to <see cref="MaxSide"/>.</param>
    /// <param name="fit">What happens where the aspect differs.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is outside its range.</exception>
    public PictureSize(int width, int height, PictureFit fit = PictureFit.Crop)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, MaxSide);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, MaxSide);
        Width = width;
        Height = height;
        Fit = fit;
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>What happens where the aspect differs.</summary>
    public PictureFit Fit { get; }

    /// <summary>Values that a picture of this size has: three for each pixel.</summary>
    public int ValueCount => Width * Height * 3;
}
