using System.IO.Compression;
using Tandem.Faults;
using Tandem.Inference.Native;
using Tandem.Inference.Pictures;
using Tandem.Testing;

namespace Tandem.Inference.Tests.Pictures;

public sealed class HostilePictureTests
{
    private static readonly byte[] Png =
        PngWriter.Write(48, 40, PngWriter.Rgb, TestPictures.Waves(48, 40, period: 30, seed: 1));

    [Fact]
    public void Open_OfOtherFormats_IsRefusedWithoutTryingThem()
    {
        byte[][] others =
        [
            [], [0x89], "no picture at all"u8.ToArray(), "GIF89a\u0001\0\u0001\0"u8.ToArray(), "BM......"u8.ToArray(),
            "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>"u8.ToArray(), "II*\0\b\0\0\0"u8.ToArray(),
            "%PDF-1.4"u8.ToArray(), "RIFF\0\0\0\0WAVE"u8.ToArray(), [.. " "u8, .. Png],
        ];

        Assert.All(others, file => Assert.Equal("INF008", FaultOf(() => Picture.Open(file)).Code));
    }

    [Theory]
    [InlineData("svgload_buffer", "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>")]
    [InlineData("gifload_buffer", "GIF89a")]
    [InlineData("tiffload_buffer", "II*")]
    public void OtherDecoders_AreBlocked(string loader, string file)
    {
        using var bytes = new PinnedBytes(System.Text.Encoding.ASCII.GetBytes(file));
        using VipsOperation load = bytes.Load(loader);

        string message = Assert.Throws<VipsException>(load.Build).Message;

        Assert.Contains("blocked", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_BeyondALimit_IsRefusedByTheHeaderAlone()
    {
        // The first announces 3.6 thousand million pixels and holds none.
        Assert.Contains("pixels", LimitOf(PngWriter.WritePacked(60_000, 60_000, 8, PngWriter.Rgb, [1]), new PictureLimits()), StringComparison.Ordinal);
        Assert.Contains("1920 pixels", LimitOf(Png, new PictureLimits { MaxPixels = 1919 }), StringComparison.Ordinal);
        Assert.Contains("bytes", LimitOf(Png, new PictureLimits { MaxBytes = Png.Length - 1 }), StringComparison.Ordinal);
        byte[] frame = TestPictures.Save(Png, "webpsave", ("lossless", "true"), ("keep", "none"));
        byte[] animation = TestPictures.Animate(48, 40, frame, frame, frame);
        Assert.Contains("3 frames", LimitOf(animation, new PictureLimits { MaxFrames = 2 }), StringComparison.Ordinal);

        Picture.Open(Png, new PictureLimits { MaxPixels = 1920, MaxBytes = Png.Length, MaxFrames = 1 });
    }

    [Fact]
    public void Read_OfAPackedBomb_ComesBackAtTheSizeAskedFor()
    {
        // 16 million white pixels in some kilobytes: within the limits, so it is read.
        byte[] bomb = PngWriter.Write(4096, 4096, PngWriter.Grey, Enumerable.Repeat((byte)255, 4096 * 4096).ToArray());
        byte[] rgb = new byte[12];

        Picture.Open(bomb).Read(new PictureSize(2, 2), rgb);

        Assert.All(rgb, value => Assert.Equal(255, value));
    }

    [Fact]
    public void Read_OfPixelsThatUnpackToTooLittle_Fails()
    {
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            stream.Write(new byte[100]);
        }

        var picture = Picture.Open(PngWriter.WritePacked(64, 64, 8, PngWriter.Rgb, packed.ToArray()));

        Assert.Equal("INF009", FaultOf(() => picture.Read(new PictureSize(8, 8), new byte[192])).Code);
    }

    [Theory]
    [InlineData("png")]
    [InlineData("jpegsave")]
    [InlineData("webpsave")]
    public void Read_OfTruncatedFiles_NeverReturnsHalfAPicture(string saver)
    {
        byte[] file = saver == "png" ? Png : TestPictures.Save(Png, saver, ("Q", "90"));
        List<string> read = [];
        for (int percent = 5; percent <= 90; percent += 5)
        {
            byte[] cut = file[..(file.Length * percent / 100)];
            try
            {
                Picture.Open(cut).Read(new PictureSize(8, 8), new byte[192]);
                read.Add($"{percent} %");
            }
            catch (TandemException e) when (e.Faults[0].Code is "INF008" or "INF009")
            {
                continue;
            }
        }

        Assert.Empty(read);
    }

    [Theory]
    [InlineData("png")]
    [InlineData("jpegsave")]
    [InlineData("webpsave")]
    public void Read_OfBrokenBytes_AlwaysAnswers(string saver)
    {
        byte[] file = saver == "png" ? Png : TestPictures.Save(Png, saver, ("Q", "90"));
        for (int seed = 1; seed <= 150; seed++)
        {
            var random = new Random(seed);
            byte[] broken = [.. file];
            for (int i = random.Next(1, 8); i > 0; i--)
            {
                broken[random.Next(broken.Length)] = (byte)random.Next(256);
            }

            try
            {
                Picture.Open(broken).Read(new PictureSize(8, 8), new byte[192]);
            }
            catch (TandemException e)
            {
                Assert.True(e.Faults[0].Code is "INF008" or "INF009" or "INF010", $"seed {seed}: {e.Message}");
            }
        }
    }

    [Fact]
    public async Task Read_FromManyThreads_GivesEachItsOwn()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            byte[] pixels = TestPictures.Noise(20 * 20 * 3, thread);
            byte[] png = PngWriter.Write(20, 20, PngWriter.Rgb, pixels);
            byte[] rgb = new byte[pixels.Length];
            for (int i = 0; i < 30; i++)
            {
                Picture.Open(png).Read(new PictureSize(20, 20), rgb);
                Assert.Equal(pixels, rgb);
            }
        })));
    }

    [Fact]
    public void Read_OfABufferThatChanged_SeesTheChange()
    {
        byte[] black = PngWriter.Write(4, 4, PngWriter.Grey, new byte[16]);
        byte[] white = PngWriter.Write(4, 4, PngWriter.Grey, Enumerable.Repeat((byte)255, 16).ToArray());
        byte[] buffer = new byte[Math.Max(black.Length, white.Length)];
        byte[] rgb = new byte[48];
        black.CopyTo(buffer, 0);
        Picture.Open(buffer.AsMemory(0, black.Length)).Read(new PictureSize(4, 4), rgb);
        white.CopyTo(buffer, 0);

        Picture.Open(buffer.AsMemory(0, white.Length)).Read(new PictureSize(4, 4), rgb);

        Assert.All(rgb, value => Assert.Equal(255, value));
    }

    [Fact]
    public void Library_ThatIsMissing_NamesTheCommandThatInstallsIt()
    {
        using var folder = new TestFolder();

        Fault fault = FaultOf(() => _ = VipsLibrary.Load(null, folder.Path));

        Assert.Equal("INF007", fault.Code);
        Assert.Contains("npm ci --prefix native", fault.Remedy, StringComparison.Ordinal);
    }

    private static string LimitOf(byte[] file, PictureLimits limits)
    {
        Fault fault = FaultOf(() => Picture.Open(file, limits));
        Assert.Equal("INF010", fault.Code);
        return fault.What;
    }

    private static Fault FaultOf(Action action) => Assert.Throws<TandemException>(action).Faults[0];
}
