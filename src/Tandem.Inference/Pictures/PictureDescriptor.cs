using System.Buffers;

namespace Tandem.Inference.Pictures;

/// <summary>Describes a picture without a trained model: which colours it has, and which way its edges run where. The
/// baseline that an encoder has to beat.</summary>
/// <remarks>
/// <para>The vector is two parts, each of squared length ½, so that an inner product of two vectors lies between 0 and
/// 1.</para>
/// <para>Colours: the share of pixels in each of 8 hues × 3 saturations × 3 values of HSV (hue outermost, value
/// innermost), square roots taken. Edges: on the luma 0.299 R + 0.587 G + 0.114 B, the length of each pixel's gradient
/// (difference of its neighbours) is spread over the two nearest directions and the four nearest cells, as in N. Dalal and
/// B. Triggs, Histograms of oriented gradients for human detection (2005); cells row by row, directions innermost, shares of
/// the whole, square roots taken. A picture without any edge has zeros there.</para>
/// <para>Square roots make the Euclidean distance of two vectors the Hellinger distance of their histograms. O(pixels).
/// Allocates nothing. Safe for any number of threads. Same pixels, same bytes.</para>
/// </remarks>
public sealed class PictureDescriptor
{
    private const int CellPixels = 8;
    private const int Hues = 8;
    private const int Shades = 3;
    private const int Colours = Hues * Shades * Shades;

    private readonly int _cells;
    private readonly int _directions;
    private readonly int _side;

    /// <summary>Makes a descriptor.</summary>
    /// <param name="options">How fine; the defaults where null.</param>
    public PictureDescriptor(PictureDescriptorOptions? options = null)
    {
        options ??= new PictureDescriptorOptions();
        _cells = options.CellCount;
        _directions = options.DirectionCount;
        _side = _cells * CellPixels;
        Size = new PictureSize(_side, _side, PictureFit.Fill);
    }

    /// <summary>Length of a vector: 72 + cells² · directions; 648 by default.</summary>
    public int Length => Colours + (_cells * _cells * _directions);

    /// <summary>The size at which a picture is looked at: square, stretched.</summary>
    public PictureSize Size { get; }

    /// <summary>Describes a picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="vector">Room for the vector, length <see cref="Length"/>; overwritten.</param>
    /// <exception cref="ArgumentException">The room has another length.</exception>
    /// <exception cref="Faults.TandemException">INF009: the picture is damaged.</exception>
    public void Describe(Picture picture, Span<float> vector)
    {
        ArgumentNullException.ThrowIfNull(picture);
        byte[] rented = ArrayPool<byte>.Shared.Rent(Size.ValueCount);
        try
        {
            Span<byte> rgb = rented.AsSpan(0, Size.ValueCount);
            picture.Read(Size, rgb);
            Describe(rgb, vector);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Describes pixels.</summary>
    /// <param name="rgb">Pixels at <see cref="Size"/>, shape (height, width, 3).</param>
    /// <param name="vector">Room for the vector, length <see cref="Length"/>; overwritten.</param>
    /// <exception cref="ArgumentException">A length is another.</exception>
    public void Describe(ReadOnlySpan<byte> rgb, Span<float> vector)
    {
        if (rgb.Length != Size.ValueCount || vector.Length != Length)
        {
            throw new ArgumentException(
                $"{Size.ValueCount} bytes become {Length} numbers; {rgb.Length} and {vector.Length} were handed in.",
                nameof(rgb));
        }

        vector.Clear();
        CountColours(rgb, vector[..Colours]);
        float[] luma = ArrayPool<float>.Shared.Rent(_side * _side);
        try
        {
            for (int i = 0; i < _side * _side; i++)
            {
                luma[i] = (0.299f * rgb[3 * i]) + (0.587f * rgb[(3 * i) + 1]) + (0.114f * rgb[(3 * i) + 2]);
            }

            CountEdges(luma, vector[Colours..]);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(luma);
        }

        TakeRoots(vector[..Colours]);
        TakeRoots(vector[Colours..]);
    }

    private static void CountColours(ReadOnlySpan<byte> rgb, Span<float> counts)
    {
        for (int i = 0; i < rgb.Length; i += 3)
        {
            (int red, int green, int blue) = (rgb[i], rgb[i + 1], rgb[i + 2]);
            int most = Math.Max(red, Math.Max(green, blue));
            int range = most - Math.Min(red, Math.Min(green, blue));

            // Hue in sixths of the circle, from 0 to 6: red at 0, green at 2, blue at 4; greys have none and count as 0.
            float hue = range == 0 ? 0
                : most == red ? ((float)(green - blue) / range) + (green < blue ? 6 : 0)
                : most == green ? ((float)(blue - red) / range) + 2
                : ((float)(red - green) / range) + 4;
            int hueBin = Math.Min((int)(hue * Hues / 6), Hues - 1);
            int saturationBin = most == 0 ? 0 : Math.Min(range * Shades / most, Shades - 1);
            int valueBin = most * Shades / 256;
            counts[(((hueBin * Shades) + saturationBin) * Shades) + valueBin]++;
        }
    }

    private static void TakeRoots(Span<float> counts)
    {
        double sum = 0;
        foreach (float count in counts)
        {
            sum += count;
        }

        for (int i = 0; sum > 0 && i < counts.Length; i++)
        {
            counts[i] = (float)Math.Sqrt(counts[i] / (2 * sum));
        }
    }

    private void CountEdges(ReadOnlySpan<float> luma, Span<float> counts)
    {
        int last = _side - 1;
        for (int y = 0; y <= last; y++)
        {
            for (int x = 0; x <= last; x++)
            {
                float across = luma[(y * _side) + Math.Min(x + 1, last)] - luma[(y * _side) + Math.Max(x - 1, 0)];
                float down = luma[(Math.Min(y + 1, last) * _side) + x] - luma[(Math.Max(y - 1, 0) * _side) + x];
                float length = MathF.Sqrt((across * across) + (down * down));
                if (length > 0)
                {
                    Spread(x, y, MathF.Atan2(down, across), length, counts);
                }
            }
        }
    }

    /// <summary>Adds a gradient to the two nearest directions of the four nearest cells, in proportion.</summary>
    private void Spread(int x, int y, float angle, float length, Span<float> counts)
    {
        // Positions in units of bins whose centres are whole numbers; a direction and its opposite are one.
        float direction = ((angle < 0 ? angle + MathF.PI : angle) * _directions / MathF.PI) - 0.5f;
        int firstDirection = (int)MathF.Floor(direction);
        float directionPart = direction - firstDirection;
        float column = ((x + 0.5f) / CellPixels) - 0.5f;
        float row = ((y + 0.5f) / CellPixels) - 0.5f;
        int firstColumn = (int)MathF.Floor(column);
        int firstRow = (int)MathF.Floor(row);
        for (int corner = 0; corner < 4; corner++)
        {
            int cellColumn = firstColumn + (corner & 1);
            int cellRow = firstRow + (corner >> 1);
            if (cellColumn < 0 || cellColumn >= _cells || cellRow < 0 || cellRow >= _cells)
            {
                continue;
            }

            float weight = length * (1 - MathF.Abs(column - cellColumn)) * (1 - MathF.Abs(row - cellRow));
            Span<float> cell = counts.Slice(((cellRow * _cells) + cellColumn) * _directions, _directions);
            cell[(firstDirection + _directions) % _directions] += weight * (1 - directionPart);
            cell[(firstDirection + 1) % _directions] += weight * directionPart;
        }
    }
}
