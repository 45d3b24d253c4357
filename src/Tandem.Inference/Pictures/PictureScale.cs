namespace Tandem.Inference.Pictures;

/// <summary>How 8-bit colours become the numbers a model was trained on: (v / 255 − mean) / deviation, for red, green and
/// blue.</summary>
/// <param name="Red">Mean and deviation of red.</param>
/// <param name="Green">Mean and deviation of green.</param>
/// <param name="Blue">Mean and deviation of blue.</param>
public sealed record PictureScale(PictureChannel Red, PictureChannel Green, PictureChannel Blue)
{
    /// <summary>From 0 to 1.</summary>
    public static PictureScale Unit { get; } = new(new(0, 1), new(0, 1), new(0, 1));

    /// <summary>From −1 to 1.</summary>
    public static PictureScale Centred { get; } = new(new(0.5f, 0.5f), new(0.5f, 0.5f), new(0.5f, 0.5f));

    /// <summary>The means and deviations of ImageNet's pictures, on which most public models were trained.</summary>
    public static PictureScale ImageNet { get; } = new(new(0.485f, 0.229f), new(0.456f, 0.224f), new(0.406f, 0.225f));
}

/// <summary>Mean and deviation of one colour.</summary>
/// <param name="Mean">Subtracted from v / 255.</param>
/// <param name="Deviation">What remains is divided by it; not 0.</param>
public readonly record struct PictureChannel(float Mean, float Deviation);
