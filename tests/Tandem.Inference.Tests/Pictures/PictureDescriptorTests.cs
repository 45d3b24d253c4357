using System.IO.Compression;
using Tandem.Inference.Pictures;
using Tandem.Testing;
using Xunit.Abstractions;

namespace Tandem.Inference.Tests.Pictures;

public sealed class PictureDescriptorTests
{
    private const int Colours = 72;

    private readonly ITestOutputHelper _output;

    public PictureDescriptorTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Fact]
    public void Describe_OfAnyPicture_AgreesWithTheTwin()
    {
        for (int seed = 1; seed <= 12; seed++)
        {
            var random = new Random(seed);
            var options = new PictureDescriptorOptions { CellCount = random.Next(1, 6), DirectionCount = random.Next(2, 13) };
            int side = options.CellCount * 8;
            byte[] rgb = seed % 2 == 0
                ? TestPictures.Noise(side * side * 3, seed)
                : TestPictures.Waves(side, side, period: 5 + random.Next(30), seed);

            float[] vector = Describe(options, rgb);

            double[] twin = Twin(rgb, side, options);
            Assert.Equal(twin.Length, vector.Length);
            double worst = vector.Zip(twin, (a, b) => Math.Abs(a - b)).Max();

            // Shares summed in float32 over some thousand pixels, then rooted.
            Assert.True(worst < 2e-4, $"seed {seed}: off by {worst:e2}");
        }
    }

    [Fact]
    public void Describe_GivesTwoPartsOfEqualWeight()
    {
        float[] vector = Describe(new PictureDescriptorOptions(), TestPictures.Noise(64 * 64 * 3, 1));

        Assert.Equal(648, vector.Length);
        Assert.Equal(0.5, vector.Take(Colours).Sum(v => (double)v * v), 1e-5);
        Assert.Equal(0.5, vector.Skip(Colours).Sum(v => (double)v * v), 1e-5);
    }

    [Theory]
    [InlineData(255, 0, 0, 8)] // Hue 0, most saturated, brightest: (0·3 + 2)·3 + 2.
    [InlineData(0, 255, 0, 26)] // A third of the circle is 2.67 of 8 hues: (2·3 + 2)·3 + 2.
    [InlineData(0, 0, 255, 53)] // Two thirds are 5.33: (5·3 + 2)·3 + 2.
    [InlineData(0, 0, 0, 0)]
    [InlineData(255, 255, 255, 2)]
    [InlineData(255, 0, 1, 71)] // Just short of a full circle.
    public void Describe_OfOneColour_CountsItOnce(int red, int green, int blue, int bin)
    {
        float[] vector = Describe(
            new PictureDescriptorOptions { CellCount = 1 }, TestPictures.Paint(8, 8, (_, _) => (red, green, blue)));

        Assert.Equal(Math.Sqrt(0.5), vector[bin], 1e-6);
        Assert.Equal(1, vector.Count(v => v != 0));
    }

    [Fact]
    public void Describe_OfAnUprightEdge_PointsAcross()
    {
        var options = new PictureDescriptorOptions { CellCount = 2, DirectionCount = 4 };
        byte[] upright = TestPictures.Paint(16, 16, (x, _) => x < 3 ? (0, 0, 0) : (255, 255, 255));
        byte[] level = TestPictures.Paint(16, 16, (_, y) => y < 3 ? (0, 0, 0) : (255, 255, 255));

        float[] across = Describe(options, upright)[Colours..];
        float[] down = Describe(options, level)[Colours..];

        // Directions of 45 degrees around 22.5, 67.5, 112.5, 157.5: across lies between the last and the first.
        Assert.All(Enumerable.Range(0, 16), i => Assert.True(across[i] > 0 == (i % 4 is 0 or 3 && i % 8 < 4), $"{i}"));
        Assert.All(Enumerable.Range(0, 16), i => Assert.True(down[i] > 0 == (i % 4 is 1 or 2 && i < 8), $"{i}"));
    }

    [Fact]
    public void Describe_IntoRoomOfAnotherLength_Throws()
    {
        var descriptor = new PictureDescriptor(new PictureDescriptorOptions { CellCount = 1 });

        Assert.Throws<ArgumentException>(() => descriptor.Describe(new byte[192], new float[80]));
        Assert.Throws<ArgumentException>(() => descriptor.Describe(new byte[191], new float[81]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PictureDescriptorOptions { CellCount = 65 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PictureDescriptorOptions { DirectionCount = 1 });
    }

    /// <summary>400 questions, each one drawn character against twenty others' drawings of twenty characters of one
    /// alphabet, of which one is the same character.</summary>
    [SharedDataFact]
    public void Describe_OfHandwrittenCharacters_FindsTheSameOneFarAboveChance()
    {
        using ZipArchive archive = ZipFile.OpenRead(SharedData.Find("data/omniglot/all_runs.zip"));
        var descriptor = new PictureDescriptor();
        int right = 0;
        int asked = 0;
        foreach (ZipArchiveEntry labels in archive.Entries.Where(entry => entry.Name == "class_labels.txt"))
        {
            string folder = labels.FullName[..^labels.Name.Length].TrimEnd('/');
            folder = folder[..^folder.Split('/')[^1].Length];
            (string Question, string Answer)[] pairs =
                [.. Lines(labels).Select(line => line.Split(' ')).Select(pair => (folder + pair[0], folder + pair[1]))];
            string[] choices = [.. pairs.Select(pair => pair.Answer).Distinct(StringComparer.Ordinal)];
            float[][] vectors = [.. choices.Select(name => Describe(archive, name, descriptor))];
            foreach ((string question, string answer) in pairs)
            {
                float[] vector = Describe(archive, question, descriptor);
                int nearest = Enumerable.Range(0, choices.Length).MaxBy(i => vector.Zip(vectors[i], (a, b) => a * b).Sum());
                right += choices[nearest] == answer ? 1 : 0;
                asked++;
            }
        }

        _output.WriteLine($"{right} of {asked} right; chance is {asked / 20}.");
        Assert.Equal(400, asked);
        Assert.InRange(right, 200, 400);
    }

    private static float[] Describe(PictureDescriptorOptions options, byte[] rgb)
    {
        var descriptor = new PictureDescriptor(options);
        float[] vector = new float[descriptor.Length];
        Array.Fill(vector, float.NaN);
        descriptor.Describe(rgb, vector);
        return vector;
    }

    private static float[] Describe(ZipArchive archive, string name, PictureDescriptor descriptor)
    {
        using Stream stream = archive.GetEntry(name)!.Open();
        using var file = new MemoryStream();
        stream.CopyTo(file);
        float[] vector = new float[descriptor.Length];
        descriptor.Describe(Picture.Open(file.ToArray()), vector);
        return vector;
    }

    private static string[] Lines(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>Every cell asks every pixel how much of it falls to the cell, in float64.</summary>
    private static double[] Twin(byte[] rgb, int side, PictureDescriptorOptions options)
    {
        double[] colours = new double[Colours];
        double[] luma = new double[side * side];
        for (int i = 0; i < side * side; i++)
        {
            byte[] pixel = rgb[(3 * i)..((3 * i) + 3)];
            luma[i] = (0.299 * pixel[0]) + (0.587 * pixel[1]) + (0.114 * pixel[2]);
            var colour = System.Drawing.Color.FromArgb(pixel[0], pixel[1], pixel[2]);
            double saturation = pixel.Max() == 0 ? 0 : 1 - (pixel.Min() / (double)pixel.Max());
            int hue = Math.Min(7, (int)(colour.GetHue() / 45));
            int shade = Math.Min(2, (int)((saturation * 3) + 1e-9));
            colours[(((hue * 3) + shade) * 3) + (int)(pixel.Max() / 256.0 * 3)]++;
        }

        double[] edges = new double[options.CellCount * options.CellCount * options.DirectionCount];
        for (int i = 0; i < edges.Length; i++)
        {
            int cell = i / options.DirectionCount;
            double centreX = ((cell % options.CellCount) * 8) + 4;
            double centreY = ((cell / options.CellCount) * 8) + 4;
            double step = Math.PI / options.DirectionCount;
            double centreAngle = ((i % options.DirectionCount) + 0.5) * step;
            for (int p = 0; p < luma.Length; p++)
            {
                (int x, int y) = (p % side, p / side);
                double across = At(x + 1, y) - At(x - 1, y);
                double down = At(x, y + 1) - At(x, y - 1);
                double turn = Math.IEEERemainder(Math.Atan2(down, across) - centreAngle, Math.PI);
                edges[i] += Math.Sqrt((across * across) + (down * down)) * Tent(turn / step)
                    * Tent((x + 0.5 - centreX) / 8) * Tent((y + 0.5 - centreY) / 8);
            }
        }

        return [.. Roots(colours), .. Roots(edges)];

        double At(int x, int y) => luma[(Math.Clamp(y, 0, side - 1) * side) + Math.Clamp(x, 0, side - 1)];
        static double Tent(double distance) => Math.Max(0, 1 - Math.Abs(distance));
        static IEnumerable<double> Roots(double[] counts)
        {
            double sum = counts.Sum();
            return counts.Select(count => sum == 0 ? 0 : Math.Sqrt(count / sum / 2));
        }
    }
}
