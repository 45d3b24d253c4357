namespace Tandem.Inference.Pictures;

/// <summary>How finely a picture is described.</summary>
public sealed record PictureDescriptorOptions
{
    /// <summary>Cells along each side in which gradients are counted, from 1 to 64; 8 by default. The picture is looked at
    /// with 8 pixels a cell.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside its range.</exception>
    public int CellCount
    {
        get;
        init => field = Between(value, 1, 64);
    } = 8;

    /// <summary>Directions that gradients are counted by, over half a turn, from 2 to 36; 9 by default, of 20 degrees
    /// each.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside its range.</exception>
    public int DirectionCount
    {
        get;
        init => field = Between(value, 2, 36);
    } = 9;

    private static int Between(int value, int least, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most);
        return value;
    }
}
