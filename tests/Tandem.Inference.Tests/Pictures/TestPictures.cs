using System.Buffers.Binary;
using System.Globalization;
using Tandem.Inference.Native;
using Tandem.Testing;

namespace Tandem.Inference.Tests.Pictures;

/// <summary>Pictures made of formulas, and their files in other formats.</summary>
internal static class TestPictures
{
    /// <summary>Pixels by a formula.</summary>
    public static byte[] Paint(int width, int height, Func<int, int, (int Red, int Green, int Blue)> colour)
    {
        byte[] rgb = new byte[width * height * 3];
        for (int i = 0; i < width * height; i++)
        {
            (int red, int green, int blue) = colour(i % width, i / width);
            (rgb[3 * i], rgb[(3 * i) + 1], rgb[(3 * i) + 2]) = ((byte)red, (byte)green, (byte)blue);
        }

        return rgb;
    }

    /// <summary>Pixels at random.</summary>
    public static byte[] Noise(int count, int seed)
    {
        byte[] values = new byte[count];
        new Random(seed).NextBytes(values);
        return values;
    }

    /// <summary>A smooth picture: one slow wave a channel.</summary>
    public static byte[] Waves(int width, int height, double period, int seed)
    {
        var random = new Random(seed);
        double[] turns = [.. Enumerable.Range(0, 6).Select(_ => random.NextDouble() * Math.Tau)];
        return Paint(width, height, (x, y) => (Wave(x, y, 0), Wave(x, y, 1), Wave(x, y, 2)));

        byte Wave(int x, int y, int channel)
        {
            double along = (x * Math.Cos(turns[channel])) + (y * Math.Sin(turns[channel]));
            return (byte)Math.Round(127.5 + (100 * Math.Sin((Math.Tau * along / period) + turns[channel + 3])));
        }
    }

    /// <summary>A PNG as a JPEG or WebP file, written by libvips.</summary>
    public static byte[] Save(byte[] png, string saver, params (string Name, string Value)[] settings)
    {
        using var folder = new TestFolder();
        string path = folder["picture"];
        Convert(png, saver, path, settings);
        return File.ReadAllBytes(path);
    }

    /// <summary>A JPEG with an orientation written into it.</summary>
    public static byte[] Turn(byte[] jpeg, int orientation)
    {
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "MM"u8, 0, 42, 0, 0, 0, 8,
            0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0,
        ];
        return [.. jpeg.AsSpan(0, 2), .. exif, .. jpeg.AsSpan(2)];
    }

    /// <summary>An animation of lossless WebP files of one size.</summary>
    public static byte[] Animate(int width, int height, params byte[][] frames)
    {
        byte[] body =
        [
            .. "WEBP"u8,
            .. Chunk("VP8X"u8, [0x02, 0, 0, 0, .. Whole24(width - 1), .. Whole24(height - 1)]),
            .. Chunk("ANIM"u8, [255, 255, 255, 255, 0, 0]),
            .. frames.SelectMany(frame => Chunk(
                "ANMF"u8, [0, 0, 0, 0, 0, 0, .. Whole24(width - 1), .. Whole24(height - 1), 100, 0, 0, 0, .. frame.AsSpan(12)])),
        ];
        return Chunk("RIFF"u8, body);
    }

    private static byte[] Chunk(ReadOnlySpan<byte> kind, byte[] content)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, content.Length);
        return [.. kind, .. length, .. content, .. new byte[content.Length % 2]];
    }

    private static byte[] Whole24(int value) => [(byte)value, (byte)(value >> 8), (byte)(value >> 16)];

    private static void Convert(byte[] png, string saver, string path, (string Name, string Value)[] settings)
    {
        using var pinned = new PinnedBytes(png);
        using VipsOperation load = pinned.Load("pngload_buffer");
        using VipsHandle image = load.BuildImage();
        using VipsOperation save = new VipsOperation(saver).Set("in", image).Set("filename", path);
        foreach ((string name, string value) in settings)
        {
            save.Set(name, value.ToString(CultureInfo.InvariantCulture));
        }

        save.Build();
    }
}
