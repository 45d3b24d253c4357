namespace Tandem.Learning.Networks;

/// <summary>Shape of the pictures that lie in rows of a buffer: place by place, row-major, each place with its channels
/// side by side, and zeros around the picture.</summary>
/// <param name="Channels">Numbers a place.</param>
/// <param name="Height">Rows of places.</param>
/// <param name="Width">Places of a row.</param>
/// <remarks>Before each row of places lies one of zeros, which ends the row above it too; a row of zeros lies above, and one
/// below. So the 3 × 3 square around any place is three runs of three places, and squares around neighbouring places are
/// neighbours in memory: a convolution reads them as rows of a matrix that overlap, where they lie.</remarks>
internal readonly record struct PictureShape(int Channels, int Height, int Width)
{
    /// <summary>Places from one row of places to the next.</summary>
    public int RowPlaces => Width + 1;

    /// <summary>Places of the picture itself.</summary>
    public int Area => Height * Width;

    /// <summary>The first place of the picture itself.</summary>
    public int FirstPlace => RowPlaces + 1;

    /// <summary>Places from the first of the picture to its last, the zeros between rows among them, and up to three more:
    /// products take rows by fours.</summary>
    public int RunPlaces => ((Height * RowPlaces) - 1 + 3) / 4 * 4;

    /// <summary>All places, zeros too.</summary>
    public int PlaceCount => RunPlaces + (2 * FirstPlace);

    /// <summary>Numbers of a picture in a buffer.</summary>
    public int Length => PlaceCount * Channels;

    /// <summary>A row of places of a picture.</summary>
    public Span<float> Row(Span<float> picture, int y) =>
        picture.Slice((FirstPlace + (y * RowPlaces)) * Channels, Width * Channels);

    /// <summary>Puts zeros back where a product over <see cref="RunPlaces"/> has written beyond the picture's
    /// rows.</summary>
    public void ClearAround(Span<float> picture)
    {
        for (int y = 1; y < Height; y++)
        {
            picture.Slice(((FirstPlace + (y * RowPlaces)) - 1) * Channels, Channels).Clear();
        }

        int end = FirstPlace + (Height * RowPlaces) - 1;
        picture[(end * Channels)..((FirstPlace + RunPlaces) * Channels)].Clear();
    }
}
