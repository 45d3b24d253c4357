namespace Tandem.Inference.Pictures;

/// <summary>Where a picture's values lie in a tensor.</summary>
public enum PictureLayout
{
    /// <summary>Shape (3, height, width): all reds, then all greens, then all blues.</summary>
    ChannelsFirst = 0,

    /// <summary>Shape (height, width, 3): red, green and blue of each pixel together.</summary>
    ChannelsLast = 1,
}
