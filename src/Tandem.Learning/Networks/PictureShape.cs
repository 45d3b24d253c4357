namespace Tandem.Learning.Networks;

/// <summary>Shape of the pictures that lie in rows: channel by channel, each row-major.</summary>
/// <param name="Channels">Numbers a place.</param>
/// <param name="Height">Rows of a channel.</param>
/// <param name="Width">Columns of a channel.</param>
internal readonly record struct PictureShape(int Channels, int Height, int Width)
{
    /// <summary>Places of a channel.</summary>
    public int Area => Height * Width;

    /// <summary>Numbers of a picture.</summary>
    public int Length => Channels * Area;

    /// <summary>The columns whose neighbour at a distance to the right lies in the picture too.</summary>
    public (int First, int Count) Overlap(int right) => (Math.Max(0, -right), Math.Max(0, Width - Math.Abs(right)));
}
