using Tandem.Faults;
using Tandem.Features.Encoders;
using Tandem.Inference.Onnx;
using Tandem.Inference.Pictures;
using Tandem.Inference.Tests.Pictures;
using Tandem.Spec;
using Tandem.Testing;

namespace Tandem.Features.Tests.Encoders;

public sealed class PictureFolderTests : IDisposable
{
    private const int Side = 4;

    private static readonly EncoderSpec Spec = new() { Kind = EncoderSpec.Image, Folder = "posters" };

    private static readonly EncoderSpec ModelSpec = Spec with { Model = "encoder.onnx" };

    private readonly TestFolder _folder = new();

    public PictureFolderTests()
    {
        Directory.CreateDirectory(_folder["posters"]);
        File.WriteAllBytes(_folder["posters/a.png"], Png(1));
        File.WriteAllBytes(_folder["posters/B-2_x"], Png(2));
        File.WriteAllBytes(_folder["encoder.onnx"], Flatten());
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fit_OfNames_GivesWhatTheLibraryMakesOfTheNewestPicture_AndZerosForNone(bool hasModel)
    {
        var column = TextColumn.OfLists("v:f", [["a.png"], [], ["a.png", "B-2_x"]]);

        (FeatureEncoders encoders, EncodedRows rows) = Fit(column, hasModel);

        float[] first = Direct(Png(1), hasModel);
        Assert.Equal((first.Length, 0), (encoders.DenseCount, encoders.SparseCount));
        Assert.Equal([.. first, .. new float[first.Length], .. Direct(Png(2), hasModel)], rows.Dense);
        Assert.Equal(1, first.Sum(static value => (double)value * value), 1e-5);
        Assert.Equal(0, encoders.PicturesMissed);
        Assert.True(encoders.IsSlow(0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Load_WithTheFilesThatWereSaved_EncodesToTheSameBits(bool hasModel)
    {
        var column = TextColumn.Of("v:f", ["a.png", "B-2_x", null]);
        (FeatureEncoders encoders, EncodedRows rows) = Fit(column, hasModel);

        var loaded = FeatureEncoders.Load(encoders.Save(), encoders.Files, _folder.Path);

        Assert.Equal(hasModel ? 1 : 0, encoders.Files.Count);
        Assert.All(encoders.Files.Keys, static name => Assert.True(FeatureEncoders.IsFile(name)));
        Assert.Equal(rows.Dense, loaded.Encode(Rows(column)).Dense);
        Assert.Equal(encoders.Save(), loaded.Save());
        if (hasModel)
        {
            Assert.Equal(
                "FEA031",
                Assert.Throws<TandemException>(
                    () => FeatureEncoders.Load(encoders.Save(), null, _folder.Path)).Faults[0].Code);
        }
    }

    [Theory]
    [InlineData("../outside.png")]
    [InlineData("sub/a.png")]
    [InlineData("sub\\a.png")]
    [InlineData(".hidden")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("ä.png")]
    [InlineData("a.png\0")]
    [InlineData("link.png")]
    [InlineData("sub")]
    [InlineData("missing.png")]
    [InlineData("empty.png")]
    [InlineData("damaged.png")]
    [InlineData("words.png")]
    public void Encode_OfANameWithoutAPicture_GivesZerosAndCounts(string name)
    {
        Directory.CreateDirectory(_folder["posters/sub"]);
        foreach (string place in (string[])["outside.png", "posters/sub/a.png", "posters/.hidden"])
        {
            File.WriteAllBytes(_folder[place], Png(3));
        }

        File.CreateSymbolicLink(_folder["posters/link.png"], _folder["posters/a.png"]);
        File.WriteAllBytes(_folder["posters/empty.png"], []);
        File.WriteAllBytes(_folder["posters/damaged.png"], Png(4)[..60]);
        File.WriteAllText(_folder["posters/words.png"], "no picture");
        (FeatureEncoders encoders, _) = Fit(TextColumn.Of("v:f", ["a.png"]), hasModel: false);
        var asked = TextColumn.Of("v:f", [name, "a.png", name]);

        float[] dense = encoders.Encode(Rows(asked)).Dense;

        float[] none = new float[encoders.DenseCount];
        Assert.Equal([.. none, .. Direct(Png(1), hasModel: false), .. none], dense);

        // A column holds no empty text apart from a missing one.
        Assert.Equal(name.Length == 0 ? 2 * asked.Count(0) : 2, encoders.PicturesMissed);
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public void IsName_AllowsNoMoreThanTwoHundredCharacters(int length, bool isAllowed) =>
        Assert.Equal(isAllowed, PictureFolder.IsName(new string('a', length)));

    [Fact]
    public void Encode_OfAPictureThatComesLater_ReadsItThen_AndOneThatWasReadOnlyOnce()
    {
        (FeatureEncoders encoders, _) = Fit(TextColumn.Of("v:f", ["a.png", "late.png"]), hasModel: false);
        File.WriteAllBytes(_folder["posters/late.png"], Png(5));
        File.WriteAllBytes(_folder["posters/a.png"], Png(6));

        float[] dense = encoders.Encode(Rows(TextColumn.Of("v:f", ["late.png", "a.png"]))).Dense;

        Assert.Equal([.. Direct(Png(5), hasModel: false), .. Direct(Png(1), hasModel: false)], dense);
    }

    [Fact]
    public void Encode_OfAPictureThatWasMet_AllocatesNothing()
    {
        (FeatureEncoders encoders, _) = Fit(TextColumn.Of("v:f", ["a.png"]), hasModel: false);
        string[] texts = ["a.png"];
        int[] starts = [0, 1];
        float[] dense = new float[encoders.DenseCount];
        EncodeOne();

        long allocated = Allocations.Least(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                EncodeOne();
            }
        });

        Assert.Equal(0, allocated);

        void EncodeOne() => encoders.Encode(
            new FeatureRow { Numbers = [], Texts = texts, TextStarts = starts }, dense, [], []);
    }

    [Fact]
    public void Fit_WithoutAnyPicture_SaysWhatWasLookedUp()
    {
        Fault fault = Assert.Throws<TandemException>(
            () => Fit(TextColumn.Of("v:f", ["x.png", "c.png", null, "x.png"]), hasModel: false)).Faults[0];

        Assert.Equal("FEA035", fault.Code);
        Assert.Contains("2 names", fault.What, StringComparison.Ordinal);
        Assert.Contains("'c.png', and there is no such file", fault.What, StringComparison.Ordinal);
        Assert.Contains(_folder["posters"], fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_WithoutANameToLookUp_GivesZeros() =>
        Assert.All(Fit(TextColumn.Of("v:f", [null, null]), hasModel: false).Rows.Dense, static value => Assert.Equal(0, value));

    [Theory]
    [InlineData("/posters")]
    [InlineData("../posters")]
    public void Load_OfAFolderElsewhere_IsRefused(string folder)
    {
        (FeatureEncoders encoders, _) = Fit(TextColumn.Of("v:f", ["a.png"]), hasModel: false);
        string text = System.Text.Encoding.UTF8.GetString(encoders.Save());
        byte[] elsewhere = System.Text.Encoding.UTF8.GetBytes(
            text.Replace("\"posters\"", $"\"{folder}\"", StringComparison.Ordinal));

        Assert.Equal(
            "FEA031",
            Assert.Throws<TandemException>(() => FeatureEncoders.Load(elsewhere, null, _folder.Path)).Faults[0].Code);
    }

    [Fact]
    public void Fit_WithAModelOfSomethingElse_IsRefused()
    {
        File.WriteAllText(_folder["encoder.onnx"], "no model");

        Assert.Equal(
            "INF002",
            Assert.Throws<TandemException>(
                () => Fit(TextColumn.Of("v:f", ["a.png"]), hasModel: true)).Faults[0].Code);
    }

    /// <summary>Three pictures lie in a plane: two components hold their distances, as they hold them themselves.</summary>
    [Fact]
    public void Fit_WithComponents_KeepsDistancesOfWhatItLearnedFrom_AndLoadsToTheSameBits()
    {
        File.WriteAllBytes(_folder["posters/c.png"], Png(3));
        var column = TextColumn.Of("v:f", ["a.png", "B-2_x", null, "c.png", "a.png"]);
        Dictionary<string, EncoderSpec> specs = new(StringComparer.Ordinal)
        {
            ["v:f"] = ModelSpec with { Components = 2 },
        };

        (FeatureEncoders encoders, EncodedRows rows) = FeatureEncoders.Fit(Rows(column), specs, _folder.Path);

        Assert.Equal(2, encoders.DenseCount);
        float[][] whole = [Direct(Png(1), true), Direct(Png(2), true), [], Direct(Png(3), true), Direct(Png(1), true)];
        Assert.Equal([0, 0], Reduced(2));
        foreach ((int one, int other) in (ReadOnlySpan<(int, int)>)[(0, 1), (0, 3), (1, 3), (0, 4)])
        {
            Assert.Equal(Distance(whole[one], whole[other]), Distance(Reduced(one), Reduced(other)), 1e-5);
        }

        var loaded = FeatureEncoders.Load(encoders.Save(), encoders.Files, _folder.Path);
        Assert.Equal(rows.Dense, loaded.Encode(Rows(column)).Dense);

        float[] Reduced(int row) => rows.Dense[(2 * row)..(2 * (row + 1))];
    }

    [Fact]
    public void Fit_WithMoreComponentsThanPicturesGive_IsRefused()
    {
        Dictionary<string, EncoderSpec> specs = new(StringComparer.Ordinal) { ["v:f"] = Spec with { Components = 2 } };

        Fault fault = Assert.Throws<TandemException>(
            () => FeatureEncoders.Fit(Rows(TextColumn.Of("v:f", ["a.png", "B-2_x"])), specs, _folder.Path)).Faults[0];

        Assert.Equal("FEA036", fault.Code);
        Assert.Contains("2 components of vectors of 648, learned from 2", fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfComponentsThatDoNotFit_IsRefused()
    {
        Dictionary<string, EncoderSpec> specs = new(StringComparer.Ordinal) { ["v:f"] = Spec with { Components = 1 } };
        (FeatureEncoders encoders, _) =
            FeatureEncoders.Fit(Rows(TextColumn.Of("v:f", ["a.png", "B-2_x"])), specs, _folder.Path);
        string text = System.Text.Encoding.UTF8.GetString(encoders.Save());
        byte[] damaged = System.Text.Encoding.UTF8.GetBytes(
            text.Replace("\"components\":1", "\"components\":2", StringComparison.Ordinal));

        Assert.Equal(
            "FEA031",
            Assert.Throws<TandemException>(() => FeatureEncoders.Load(damaged, null, _folder.Path)).Faults[0].Code);
    }

    private static double Distance(float[] one, float[] other) =>
        Math.Sqrt(one.Zip(other, static (x, y) => ((double)x - y) * ((double)x - y)).Sum());

    private static byte[] Png(int seed)
    {
        byte[] pixels = new byte[12 * 10 * 3];
        new Random(seed).NextBytes(pixels);
        return PngWriter.Write(12, 10, PngWriter.Rgb, pixels);
    }

    private static byte[] Flatten() => new OnnxWriter()
        .Input("x", OnnxElement.Float32, -1, 3, Side, Side)
        .Output("y", OnnxElement.Float32, -1, 3 * Side * Side)
        .Node("Flatten", ["x"], "y")
        .ToBytes();

    private static float[] Direct(byte[] file, bool hasModel)
    {
        var picture = Picture.Open(file);
        if (!hasModel)
        {
            PictureDescriptor descriptor = new();
            float[] vector = new float[descriptor.Length];
            descriptor.Describe(picture, vector);
            return vector;
        }

        using var model = OnnxModel.Load(Flatten());
        PictureEncoder encoder = new(model);
        float[] embedding = new float[encoder.Length];
        encoder.Encode(picture, embedding);
        return embedding;
    }

    private (FeatureEncoders Encoders, EncodedRows Rows) Fit(TextColumn column, bool hasModel) => FeatureEncoders.Fit(
        Rows(column),
        new Dictionary<string, EncoderSpec>(StringComparer.Ordinal) { ["v:f"] = hasModel ? ModelSpec : Spec },
        _folder.Path);

    private static EncoderRows Rows(TextColumn column) => new()
    {
        Numbers = [],
        Values = [],
        Texts = [column],
        Labels = new float[column.RowCount],
        Times = new long[column.RowCount],
        IsTraining = [.. Enumerable.Repeat(true, column.RowCount)],
    };
}
