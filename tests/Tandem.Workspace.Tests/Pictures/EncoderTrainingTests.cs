using System.Text.Json;
using Tandem.Faults;
using Tandem.Inference.Onnx;
using Tandem.Inference.Pictures;
using Tandem.Inference.Tests.Pictures;
using Tandem.Learning;
using Tandem.Learning.Pictures;
using Tandem.Testing;
using Tandem.Workspace.Pictures;

namespace Tandem.Workspace.Tests.Pictures;

public sealed class EncoderTrainingTests : IDisposable
{
    private const int ClassCount = 24;
    private const int Copies = 3;
    private const int Side = 32;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, 16)]
    [InlineData(3, 17)]
    [InlineData(1, 28)]
    public void Write_GivesAFileThatAnswersAsTheNetworkDoes(int channels, int size)
    {
        PictureSet set = Noise(channels, 2 * size);
        PictureNetworkOptions options = new()
        {
            Size = size,
            Widths = PictureNetworkOptions.WidthsFor(size),
            Length = 24,
            Epochs = 3,
        };
        PictureNetwork network = PictureNetworkTrainer.Fit(set, options, new FitContext(), CancellationToken.None);

        using var model = OnnxModel.Load(EncoderFile.Write(network));
        PictureEncoder encoder = new(model);

        Assert.Equal((24, new PictureSize(size, size)), (encoder.Length, encoder.Size));
        float[] expected = new float[24];
        float[] found = new float[24];
        for (int picture = 0; picture < 60; picture++)
        {
            byte[] pixels = Pixels(picture, size, channels);
            byte[] rgb = channels == 3 ? pixels : [.. pixels.SelectMany(static value => new[] { value, value, value })];
            network.Encode(pixels, expected);
            encoder.Encode(Picture.Open(PngWriter.Write(size, size, PngWriter.Rgb, rgb)), found);

            // Sums of some thousand products in float32, in another order.
            Assert.All(Enumerable.Range(0, 24), i => Assert.Equal(expected[i], found[i], 1e-4));
        }
    }

    [Fact]
    public async Task Run_OnAFolder_WritesAnEncoder_AndSaysWhatItSkipped()
    {
        WriteClasses(ClassCount);
        File.WriteAllText(_folder["pictures/c03/notes.txt"], "no picture");
        File.WriteAllBytes(_folder["pictures/c03/torn.png"], Png(3, 0)[..80]);
        File.WriteAllText(_folder["pictures/readme.txt"], "lies in no class");
        EncoderRequest request = Request() with { HoldOut = 0.25 };

        EncoderReport report = await EncoderTraining.RunAsync(
            request, _folder["encoder.onnx"], null, CancellationToken.None);

        Assert.Equal((18, 18 * Copies), (report.Classes, report.Pictures));
        Assert.Equal(
            [Path.Combine("c03", "notes.txt"), Path.Combine("c03", "torn.png")],
            report.Skipped.Select(static skipped => skipped.Name), StringComparer.Ordinal);
        Assert.Equal((6, 6, 600), (report.Judged!.Classes, report.Judged.Ways, report.Judged.Questions));
        Assert.InRange(report.Judged.Error, 0, 100);
        Assert.Equal(new FileInfo(_folder["encoder.onnx"]).Length, report.FileBytes);
        Assert.Equal(["encoder.onnx"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName), StringComparer.Ordinal);
        using var json = JsonDocument.Parse(report.ToJson());
        Assert.Equal(18, json.RootElement.GetProperty("classes").GetInt32());
        Assert.Equal(6, json.RootElement.GetProperty("judged").GetProperty("ways").GetInt32());
        using var model = OnnxModel.Load(await File.ReadAllBytesAsync(_folder["encoder.onnx"]));
        float[] embedding = new float[report.Length];
        new PictureEncoder(model).Encode(Picture.Open(Png(5, 1)), embedding);
        Assert.Equal(1, embedding.Sum(static value => (double)value * value), 1e-5);
    }

    [Fact]
    public void Run_WithTheSameSeed_GivesTheSameBytes()
    {
        WriteClasses(4);

        Assert.Equal(Run(Request()).File, Run(Request()).File);
        Assert.NotEqual(Run(Request()).File, Run(Request() with { Seed = 2 }).File);
    }

    [Fact]
    public void Run_OnWhatCannotBeLearnedFrom_SaysWhy()
    {
        Directory.CreateDirectory(_folder["pictures/only"]);

        Assert.Equal("WSP120", FaultOf(Request() with { Pictures = _folder["nowhere"] }).Code);
        Assert.Equal("WSP121", FaultOf(Request()).Code);
        File.WriteAllBytes(_folder["pictures/only/a.png"], Png(1, 1));
        File.WriteAllText(_folder["pictures/only/b.png"], "no picture");
        Fault one = FaultOf(Request());
        Assert.Equal("WSP121", one.Code);
        Assert.Contains("1 pictures of 1 classes", one.What, StringComparison.Ordinal);
        Assert.Contains("b.png", one.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--size")]
    [InlineData("--length")]
    [InlineData("--epochs")]
    [InlineData("--hold-out")]
    public void Run_WithASettingOutOfRange_NamesIt(string setting)
    {
        EncoderRequest request = setting switch
        {
            "--size" => Request() with { Size = 7 },
            "--length" => Request() with { Length = 0 },
            "--epochs" => Request() with { Epochs = 0 },
            _ => Request() with { HoldOut = double.NaN },
        };

        Fault fault = FaultOf(request);

        Assert.Equal("WSP122", fault.Code);
        Assert.Contains(setting, fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_IntoAFolderThatIsNotThere_FailsBeforeAnythingIsLearned()
    {
        TandemException exception = await Assert.ThrowsAsync<TandemException>(() => EncoderTraining.RunAsync(
            Request() with { Pictures = _folder["nowhere"] }, _folder["missing/encoder.onnx"], null, CancellationToken.None));

        Assert.Equal("WSP123", exception.Fault.Code);
    }

    private static (byte[] File, EncoderReport Report) Run(EncoderRequest request) =>
        EncoderTraining.Run(request, null, CancellationToken.None);

    private static Fault FaultOf(EncoderRequest request) =>
        Assert.Throws<TandemException>(() => EncoderTraining.Run(request, null, CancellationToken.None)).Fault;

    private static byte[] Png(int number, int copy) =>
        PngWriter.Write(Side, Side, PngWriter.Grey, TestDrawings.Draw(number, copy, Side));

    private static byte[] Pixels(int picture, int side, int channels)
    {
        byte[] pixels = new byte[side * side * channels];
        new Random(picture).NextBytes(pixels);
        return pixels;
    }

    private static PictureSet Noise(int channels, int side) => new()
    {
        Side = side,
        Channels = channels,
        Pixels = [.. Enumerable.Range(0, 12).SelectMany(picture => Pixels(picture, side, channels))],
        Classes = [.. Enumerable.Range(0, 12).Select(static picture => picture / 2)],
    };

    private void WriteClasses(int count)
    {
        for (int number = 0; number < count; number++)
        {
            Directory.CreateDirectory(_folder[$"pictures/c{number:00}"]);
            for (int copy = 0; copy < Copies; copy++)
            {
                File.WriteAllBytes(_folder[$"pictures/c{number:00}/{copy}.png"], Png(number, copy));
            }
        }
    }

    private EncoderRequest Request() => new()
    {
        Pictures = _folder["pictures"],
        Size = 16,
        Length = 16,
        Epochs = 2,
        IsGrey = true,
    };
}
