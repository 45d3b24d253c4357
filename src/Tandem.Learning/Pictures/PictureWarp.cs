using Tandem.Numerics;

namespace Tandem.Learning.Pictures;

/// <summary>A distortion of a picture: where each place of the result comes from. Coordinates run from −1 to 1 across the
/// picture; x′ = A·x + t + bending in the products of coordinates.</summary>
internal readonly struct PictureWarp
{
    private readonly float _xx;
    private readonly float _xy;
    private readonly float _yx;
    private readonly float _yy;
    private readonly float _x;
    private readonly float _y;
    private readonly float _bendX;
    private readonly float _bendY;
    private readonly float _curveX;
    private readonly float _curveY;

    /// <summary>Draws a distortion.</summary>
    /// <param name="random">Where from.</param>
    /// <param name="strength">0 for none.</param>
    /// <param name="turn">Quarter turns, 0 to 3, and 4 more for a mirror before.</param>
    public PictureWarp(ref SeededRandom random, double strength, int turn)
    {
        double angle = Draw(ref random, 0.21 * strength);
        double shear = Draw(ref random, 0.17 * strength);
        double wide = Math.Exp(Draw(ref random, 0.17 * strength));
        double high = Math.Exp(Draw(ref random, 0.17 * strength));
        (double sine, double cosine) = Math.SinCos(angle);
        (double xx, double xy) = (wide * cosine, (shear * wide * cosine) - (high * sine));
        (double yx, double yy) = (wide * sine, (shear * wide * sine) + (high * cosine));
        _x = (float)Draw(ref random, 0.1 * strength);
        _y = (float)Draw(ref random, 0.1 * strength);
        _bendX = (float)Draw(ref random, 0.1 * strength);
        _bendY = (float)Draw(ref random, 0.1 * strength);
        _curveX = (float)Draw(ref random, 0.1 * strength);
        _curveY = (float)Draw(ref random, 0.1 * strength);
        if (turn >= 4)
        {
            (xx, xy) = (-xx, -xy);
        }

        for (int quarter = turn % 4; quarter > 0; quarter--)
        {
            (xx, xy, yx, yy) = (-yx, -yy, xx, xy);
        }

        (_xx, _xy, _yx, _yy) = ((float)xx, (float)xy, (float)yx, (float)yy);
    }

    /// <summary>Takes the four samples of each place of the result, and writes how dark they are on average: 0 for white, 1
    /// for black. What lies outside is white.</summary>
    /// <param name="picture">Bytes, shape (side, side, channels).</param>
    /// <param name="side">Its side.</param>
    /// <param name="channels">Its channels.</param>
    /// <param name="y">Row of the result.</param>
    /// <param name="width">Side of the result.</param>
    /// <param name="row">Receives the row, shape (width, channels).</param>
    public void ReadRow(ReadOnlySpan<byte> picture, int side, int channels, int y, int width, Span<float> row)
    {
        row.Clear();
        float half = side / 2f;
        for (int sample = 0; sample < 4; sample++)
        {
            float v = (((y + 0.25f + (0.5f * (sample >> 1))) * 2) / width) - 1;
            for (int place = 0; place < width; place++)
            {
                float u = (((place + 0.25f + (0.5f * (sample & 1))) * 2) / width) - 1;
                float fromX = (_xx * u) + (_xy * v) + _x + (_bendX * u * v) + (_curveX * ((v * v) - 0.33f));
                float fromY = (_yx * u) + (_yy * v) + _y + (_bendY * u * v) + (_curveY * ((u * u) - 0.33f));
                Add(picture, side, channels, ((fromX + 1) * half) - 0.5f, ((fromY + 1) * half) - 0.5f,
                    row.Slice(place * channels, channels));
            }
        }
    }

    private static double Draw(ref SeededRandom random, double most) => most * ((2 * random.NextDouble()) - 1);

    /// <summary>Adds a quarter of the darkness at a point, between the four pixels around it.</summary>
    private static void Add(ReadOnlySpan<byte> picture, int side, int channels, float x, float y, Span<float> target)
    {
        if (!(x > -1 && y > -1 && x < side && y < side))
        {
            return;
        }

        int left = (int)MathF.Floor(x);
        int top = (int)MathF.Floor(y);
        float right = x - left;
        float down = y - top;
        for (int corner = 0; corner < 4; corner++)
        {
            int column = left + (corner & 1);
            int line = top + (corner >> 1);
            if (column < 0 || line < 0 || column >= side || line >= side)
            {
                continue;
            }

            float weight = ((corner & 1) == 0 ? 1 - right : right) * ((corner >> 1) == 0 ? 1 - down : down) / (4 * 255f);
            int at = ((line * side) + column) * channels;
            for (int channel = 0; channel < channels; channel++)
            {
                target[channel] += weight * (255 - picture[at + channel]);
            }
        }
    }
}
