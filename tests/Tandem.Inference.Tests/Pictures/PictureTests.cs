using Tandem.Inference.Pictures;

namespace Tandem.Inference.Tests.Pictures;

public sealed class PictureTests
{
    [Fact]
    public void Read_AtItsOwnSize_GivesThePixelsOfThePng()
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            var random = new Random(seed);
            int width = random.Next(1, 70);
            int height = random.Next(1, 70);
            byte[] pixels = TestPictures.Noise(width * height * 3, seed);

            byte[] read = Read(PngWriter.Write(width, height, PngWriter.Rgb, pixels), new PictureSize(width, height));

            Assert.True(pixels.AsSpan().SequenceEqual(read), $"seed {seed}: {width} × {height} differs");
        }
    }

    [Fact]
    public void Read_OfLosslessWebP_GivesThePixels()
    {
        byte[] pixels = TestPictures.Noise(33 * 21 * 3, 4);
        byte[] webp = TestPictures.Save(PngWriter.Write(33, 21, PngWriter.Rgb, pixels), "webpsave", ("lossless", "true"), ("keep", "none"));

        Assert.Equal(PictureFormat.WebP, Picture.Open(webp).Format);
        Assert.Equal(pixels, Read(webp, new PictureSize(33, 21)));
    }

    [Theory]
    [InlineData("jpegsave", PictureFormat.Jpeg)]
    [InlineData("webpsave", PictureFormat.WebP)]
    public void Read_OfLossyFiles_ComesNearThePixels(string saver, PictureFormat format)
    {
        byte[] pixels = TestPictures.Waves(96, 64, period: 80, seed: 3);
        byte[] file = TestPictures.Save(PngWriter.Write(96, 64, PngWriter.Rgb, pixels), saver, ("Q", "95"));

        byte[] read = Read(file, new PictureSize(96, 64));

        // Quality 95 keeps slow waves within some levels; colour at half resolution costs the most.
        Assert.Equal(format, Picture.Open(file).Format);
        Assert.InRange(WorstDifference(pixels, read), 0, 12);
    }

    [Fact]
    public void Read_OfGrey_RepeatsIt()
    {
        byte[] grey = TestPictures.Noise(30, 2);

        byte[] read = Read(PngWriter.Write(6, 5, PngWriter.Grey, grey), new PictureSize(6, 5));

        Assert.Equal(grey.SelectMany(value => new[] { value, value, value }), read);
    }

    [Fact]
    public void Read_OfTransparentPixels_ShowsThemOnWhite()
    {
        byte[] pixels = [10, 20, 30, 255, 10, 20, 30, 0, 0, 100, 200, 51];

        byte[] read = Read(PngWriter.Write(3, 1, PngWriter.Rgba, pixels), new PictureSize(3, 1));

        // The last is 51/255 = a fifth of its colour on four fifths of white.
        Assert.Equal([10, 20, 30, 255, 255, 255, 204, 224, 244], read);
    }

    [Fact]
    public void Read_Of16Bits_KeepsTheUpperEight()
    {
        byte[] pixels = [0x12, 0x80, 0xFF, 0xFF, 0, 0];

        Assert.Equal([0x12, 0xFF, 0], Read(PngWriter.Write(1, 1, 16, PngWriter.Rgb, pixels), new PictureSize(1, 1)));
    }

    [Fact]
    public void Read_OfSmoothPicturesShrunk_AgreesWithTheMeanOfEachArea()
    {
        for (int seed = 1; seed <= 30; seed++)
        {
            var random = new Random(seed);
            int factor = random.Next(2, 9);
            int width = random.Next(8, 40);
            int height = random.Next(8, 40);
            byte[] pixels = TestPictures.Waves(width * factor, height * factor, period: 16 * factor, seed);
            byte[] png = PngWriter.Write(width * factor, height * factor, PngWriter.Rgb, pixels);

            byte[] read = Read(png, new PictureSize(width, height));

            // A wave 16 pixels long after shrinking loses under 1 % of its 100 levels in either filter; at the rim, where
            // the filters look past the picture, they see different things, so the outer two pixels are left out.
            int worst = WorstDifference(Inner(MeanOfAreas(pixels, width, height, factor), width), Inner(read, width));
            Assert.True(worst <= 3, $"seed {seed}: {width} × {height} by {factor} differs by {worst}");
        }
    }

    [Fact]
    public void Read_OfOneColour_StaysThatColourAtEverySize()
    {
        byte[] png = PngWriter.Write(40, 25, PngWriter.Rgb, TestPictures.Paint(40, 25, (_, _) => (200, 17, 90)));

        foreach (PictureFit fit in (PictureFit[])[PictureFit.Crop, PictureFit.Fill])
        {
            foreach ((int width, int height) in ((int, int)[])[(7, 5), (64, 64), (1, 30), (300, 2)])
            {
                byte[] read = Read(png, new PictureSize(width, height, fit));

                Assert.Equal(TestPictures.Paint(width, height, (_, _) => (200, 17, 90)), read);
            }
        }
    }

    [Fact]
    public void Read_ToFit_LiesInTheMiddleOnWhite()
    {
        byte[] png = PngWriter.Write(40, 20, PngWriter.Rgb, TestPictures.Paint(40, 20, (_, _) => (9, 8, 7)));

        byte[] read = Read(png, new PictureSize(20, 20, PictureFit.Fit));

        Assert.Equal(TestPictures.Paint(20, 20, (_, y) => y is >= 5 and < 15 ? (9, 8, 7) : (255, 255, 255)), read);
    }

    [Fact]
    public void Read_ToCrop_CutsBothSidesAlike()
    {
        byte[] png = PngWriter.Write(
            40, 20, PngWriter.Rgb, TestPictures.Paint(40, 20, (x, _) => x is >= 10 and < 30 ? (1, 2, 3) : (250, 0, 0)));

        Assert.Equal(TestPictures.Paint(20, 20, (_, _) => (1, 2, 3)), Read(png, new PictureSize(20, 20)));
    }

    [Fact]
    public void Read_ToFill_StretchesEverything()
    {
        byte[] png = PngWriter.Write(
            64, 16, PngWriter.Rgb, TestPictures.Paint(64, 16, (x, _) => x < 32 ? (0, 0, 0) : (255, 255, 255)));

        byte[] read = Read(png, new PictureSize(16, 16, PictureFit.Fill));

        Assert.Equal((0, 255), (read[3 * 2], read[3 * 13]));
    }

    [Theory]
    [InlineData(1, "RGBW")]
    [InlineData(2, "GRWB")]
    [InlineData(3, "WBGR")]
    [InlineData(4, "BWRG")]
    [InlineData(5, "RBGW")]
    [InlineData(6, "BRWG")]
    [InlineData(7, "WGBR")]
    [InlineData(8, "GWRB")]
    public void Read_OfATurnedJpeg_IsUpright(int orientation, string corners)
    {
        // Red, green, blue and white quarters, as stored: RG over BW.
        byte[] pixels = TestPictures.Paint(64, 32, (x, y) => (x < 32, y < 16) switch
        {
            (true, true) => (255, 0, 0),
            (false, true) => (0, 255, 0),
            (true, false) => (0, 0, 255),
            _ => (255, 255, 255),
        });
        byte[] jpeg = TestPictures.Save(PngWriter.Write(64, 32, PngWriter.Rgb, pixels), "jpegsave", ("Q", "95"));

        var picture = Picture.Open(TestPictures.Turn(jpeg, orientation));
        (int width, int height) = orientation < 5 ? (64, 32) : (32, 64);
        byte[] rgb = new byte[width * height * 3];
        picture.Read(new PictureSize(width, height), rgb);

        Assert.Equal((width, height), (picture.Width, picture.Height));
        Assert.Equal(corners, string.Concat(
            Letter(rgb, width, width / 4, height / 4), Letter(rgb, width, 3 * width / 4, height / 4),
            Letter(rgb, width, width / 4, 3 * height / 4), Letter(rgb, width, 3 * width / 4, 3 * height / 4)));
    }

    [Fact]
    public void Read_OfAnAnimation_TakesTheFirstFrame()
    {
        byte[] first = TestPictures.Noise(16 * 12 * 3, 1);
        byte[] animation = TestPictures.Animate(16, 12, Lossless(first), Lossless(TestPictures.Noise(16 * 12 * 3, 2)));

        Assert.Equal(2, Picture.Open(animation).FrameCount);
        Assert.Equal(first, Read(animation, new PictureSize(16, 12)));

        static byte[] Lossless(byte[] pixels) => TestPictures.Save(
            PngWriter.Write(16, 12, PngWriter.Rgb, pixels), "webpsave", ("lossless", "true"), ("keep", "none"));
    }

    [Fact]
    public void Read_AsNumbers_ScalesAndLaysOutEveryValue()
    {
        byte[] pixels = TestPictures.Noise(7 * 4 * 3, 8);
        var picture = Picture.Open(PngWriter.Write(7, 4, PngWriter.Rgb, pixels));
        var size = new PictureSize(7, 4);
        float[] first = new float[size.ValueCount];
        float[] last = new float[size.ValueCount];
        float[] unit = new float[size.ValueCount];

        picture.Read(size, PictureScale.ImageNet, PictureLayout.ChannelsFirst, first);
        picture.Read(size, PictureScale.Centred, PictureLayout.ChannelsLast, last);
        picture.Read(size, PictureScale.Unit, PictureLayout.ChannelsLast, unit);

        double[] means = [0.485, 0.456, 0.406];
        double[] deviations = [0.229, 0.224, 0.225];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int pixel, int channel) = (i / 3, i % 3);
            double value = pixels[i] / 255.0;
            Assert.Equal((value - means[channel]) / deviations[channel], first[(channel * 28) + pixel], 1e-5);
            Assert.Equal((value * 2) - 1, last[i], 1e-6);
            Assert.Equal(value, unit[i], 1e-6);
        }
    }

    [Fact]
    public void Read_IntoRoomOfAnotherLength_Throws()
    {
        var picture = Picture.Open(PngWriter.Write(2, 2, PngWriter.Grey, new byte[4]));

        Assert.Throws<ArgumentException>(() => picture.Read(new PictureSize(2, 2), new byte[11]));
        Assert.Throws<ArgumentException>(() => picture.Read(default, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PictureSize(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PictureSize(1, PictureSize.MaxSide + 1));
    }

    private static byte[] Read(byte[] file, PictureSize size)
    {
        byte[] rgb = new byte[size.ValueCount];
        Picture.Open(file).Read(size, rgb);
        return rgb;
    }

    private static char Letter(byte[] rgb, int width, int x, int y)
    {
        int at = 3 * ((y * width) + x);
        return (rgb[at] > 127, rgb[at + 1] > 127, rgb[at + 2] > 127) switch
        {
            (true, true, true) => 'W',
            (true, false, false) => 'R',
            (false, true, false) => 'G',
            (false, false, true) => 'B',
            _ => '?',
        };
    }

    private static byte[] MeanOfAreas(byte[] pixels, int width, int height, int factor)
    {
        byte[] means = new byte[width * height * 3];
        for (int i = 0; i < means.Length; i++)
        {
            (int x, int y, int channel) = (i / 3 % width * factor, i / 3 / width * factor, i % 3);
            double sum = 0;
            for (int j = 0; j < factor * factor; j++)
            {
                sum += pixels[(3 * (((y + (j / factor)) * width * factor) + x + (j % factor))) + channel];
            }

            means[i] = (byte)Math.Round(sum / (factor * factor));
        }

        return means;
    }

    private static byte[] Inner(byte[] rgb, int width)
    {
        int height = rgb.Length / 3 / width;
        return [.. rgb.Where((_, i) => i / 3 % width is int x && i / 3 / width is int y
            && x >= 2 && y >= 2 && x < width - 2 && y < height - 2)];
    }

    private static int WorstDifference(byte[] a, byte[] b) => a.Zip(b, static (x, y) => Math.Abs(x - y)).Max();
}
