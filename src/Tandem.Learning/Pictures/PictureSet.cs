namespace Tandem.Learning.Pictures;

/// <summary>Pictures to learn from, each of a class: square, of one size, as bytes.</summary>
public sealed record PictureSet
{
    /// <summary>Rows and columns of each picture. Twice what the network looks at is best: pictures are distorted while
    /// they are halved.</summary>
    public required int Side { get; init; }

    /// <summary>1 for grey, 3 for red, green and blue.</summary>
    public required int Channels { get; init; }

    /// <summary>The pictures one after another, each of shape (side, side, channels).</summary>
    public required byte[] Pixels { get; init; }

    /// <summary>Class of each picture, from 0 on without gaps.</summary>
    public required int[] Classes { get; init; }

    /// <summary>Number of pictures.</summary>
    public int Count => Classes.Length;

    /// <summary>One picture.</summary>
    /// <param name="picture">Its number.</param>
    public ReadOnlySpan<byte> Picture(int picture)
    {
        int length = Side * Side * Channels;
        return Pixels.AsSpan(picture * length, length);
    }
}
