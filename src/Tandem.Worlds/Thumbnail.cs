using Tandem.Numerics;

namespace Tandem.Worlds;

/// <summary>Paints the small picture of a video: two colours of its category in a slope of their own, with
/// noise.</summary>
internal static class Thumbnail
{
    public const int Side = 8;

    /// <summary>Numbers in a picture: rows, columns, then red, green, blue.</summary>
    public const int Length = Side * Side * 3;

    /// <summary>Paints a video's picture.</summary>
    /// <param name="dice">The world's dice.</param>
    /// <param name="item">Index of the video.</param>
    /// <param name="category">Its category, which gives the colours and the slope.</param>
    /// <param name="second">The category it leans to, whose colour mixes in.</param>
    /// <param name="pixels">Receives 8 × 8 × 3 numbers from 0 to 255.</param>
    public static void Paint(Dice dice, int item, int category, int second, Span<byte> pixels)
    {
        SeededRandom random = dice.Roll(Draw.Pictures, item);
        Span<float> first = stackalloc float[3];
        Span<float> last = stackalloc float[3];
        Colour(dice, category, 0, first);
        Colour(dice, second, second == category ? 1 : 0, last);
        double angle = (Math.Tau * category / Categories.Count) + (0.4 * random.NextGaussian());
        float right = (float)Math.Cos(angle);
        float down = (float)Math.Sin(angle);
        float light = 0.8f + (0.4f * random.NextSingle());
        for (int p = 0; p < Side * Side; p++)
        {
            float x = ((p % Side) - 3.5f) / 3.5f;
            float y = ((p / Side) - 3.5f) / 3.5f;
            float mix = Math.Clamp(0.5f + (0.5f * ((right * x) + (down * y))), 0, 1);
            for (int channel = 0; channel < 3; channel++)
            {
                float colour = first[channel] + (mix * (last[channel] - first[channel]));
                float noise = 60 * (random.NextSingle() - 0.5f);
                pixels[(3 * p) + channel] = (byte)Math.Clamp((light * colour) + noise, 0, 255);
            }
        }
    }

    private static void Colour(Dice dice, int category, int which, Span<float> colour)
    {
        SeededRandom random = dice.Roll(Draw.Pictures, -1 - category, which);
        for (int channel = 0; channel < 3; channel++)
        {
            colour[channel] = 20 + (215 * random.NextSingle());
        }
    }
}
