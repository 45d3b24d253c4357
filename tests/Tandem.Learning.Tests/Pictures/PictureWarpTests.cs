using Tandem.Learning.Pictures;
using Tandem.Numerics;

namespace Tandem.Learning.Tests.Pictures;

public sealed class PictureWarpTests
{
    private const int Side = 8;
    private const int Width = Side / 2;

    private static readonly byte[] Pixels = Noise();

    [Fact]
    public void ReadRow_WithoutDistortion_IsTheDarknessOfFourPixels()
    {
        float[] read = Read(turn: 0);

        for (int at = 0; at < read.Length; at++)
        {
            (int y, int x) = Math.DivRem(at, Width);
            int corner = (2 * y * Side) + (2 * x);
            double light = Pixels[corner] + Pixels[corner + 1] + Pixels[corner + Side] + Pixels[corner + Side + 1];
            Assert.Equal(1 - (light / (4 * 255)), read[at], 1e-5);
        }
    }

    [Fact]
    public void ReadRow_Turned_IsEachOfTheEightWaysToLayAPicture()
    {
        float[] picture = Read(turn: 0);
        List<float[]> ways = [];
        foreach (float[] side in new[] { picture, Mirrored(picture) })
        {
            float[] turned = side;
            for (int quarter = 0; quarter < 4; quarter++)
            {
                ways.Add(turned);
                turned = Turned(turned);
            }
        }

        Assert.All(ways, way => Assert.Single(
            Enumerable.Range(0, 8), turn => Read(turn).Zip(way).All(pair => Math.Abs(pair.First - pair.Second) < 1e-5)));
    }

    [Fact]
    public void ReadRow_OfWhatLiesOutside_IsWhite()
    {
        byte[] black = new byte[Side * Side];
        SeededRandom random = new(5);
        PictureWarp warp = new(ref random, 6, 0);
        float[] read = new float[Width * Width];
        for (int y = 0; y < Width; y++)
        {
            warp.ReadRow(black, Side, 1, y, Width, read.AsSpan(y * Width, Width));
        }

        Assert.Contains(read, static value => value == 0);
        Assert.All(read, static value => Assert.InRange(value, 0, 1.00001f));
    }

    private static float[] Read(int turn)
    {
        SeededRandom random = new(1);
        PictureWarp warp = new(ref random, 0, turn);
        float[] read = new float[Width * Width];
        for (int y = 0; y < Width; y++)
        {
            warp.ReadRow(Pixels, Side, 1, y, Width, read.AsSpan(y * Width, Width));
        }

        return read;
    }

    private static float[] Turned(float[] picture) =>
        [.. Enumerable.Range(0, picture.Length).Select(at => picture[((Width - 1 - (at % Width)) * Width) + (at / Width)])];

    private static float[] Mirrored(float[] picture) =>
        [.. Enumerable.Range(0, picture.Length).Select(at => picture[(at / Width * Width) + (Width - 1 - (at % Width))])];

    private static byte[] Noise()
    {
        byte[] pixels = new byte[Side * Side];
        new Random(3).NextBytes(pixels);
        return pixels;
    }
}
