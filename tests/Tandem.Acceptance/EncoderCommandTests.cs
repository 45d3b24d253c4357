using System.Text.Json;
using Tandem.Inference.Tests.Pictures;
using Tandem.Testing;

namespace Tandem.Acceptance;

/// <summary>Training an encoder of pictures from the terminal.</summary>
public sealed class EncoderCommandTests
{
    private const int Side = 24;

    [Fact]
    public async Task Train_OnAFolder_WritesTheEncoder_AndSaysHowGoodItIs()
    {
        using TestFolder folder = new();
        for (int picture = 0; picture < 24; picture++)
        {
            (int number, int copy) = Math.DivRem(picture, 3);
            Directory.CreateDirectory(folder[$"drawings/{number}"]);
            File.WriteAllBytes(
                folder[$"drawings/{number}/{copy}.png"],
                PngWriter.Write(Side, Side, PngWriter.Grey, TestDrawings.Draw(number, copy, Side)));
        }

        string[] train =
        [
            "encoder", "train", "--pictures", "drawings", "--out", "encoder.onnx", "--size", "12", "--length", "8",
            "--epochs", "2", "--grey", "--turns", "--hold-out", "0.25",
        ];
        CommandResult told = (await CommandLine.RunAsync(folder.Path, train)).Expect(0);
        CommandResult json = (await CommandLine.RunAsync(folder.Path, [.. train, "--json"])).Expect(0);

        Assert.Contains("18 pictures of 6 classes", told.Output, StringComparison.Ordinal);
        Assert.Contains("200 questions", told.Output, StringComparison.Ordinal);
        using var report = JsonDocument.Parse(json.Output);
        Assert.Equal(6, report.RootElement.GetProperty("classes").GetInt32());
        Assert.InRange(report.RootElement.GetProperty("judged").GetProperty("error").GetDouble(), 0, 100);
        Assert.Equal(
            new FileInfo(folder["encoder.onnx"]).Length, report.RootElement.GetProperty("file_bytes").GetInt64());
    }

    [Fact]
    public async Task Train_OnAFolderThatIsNotThere_NamesIt()
    {
        using TestFolder folder = new();

        CommandResult result = (await CommandLine.RunAsync(
            folder.Path, "encoder", "train", "--pictures", "nowhere", "--out", "encoder.onnx")).Expect(2);

        Assert.Contains("WSP120", result.Error, StringComparison.Ordinal);
        Assert.Contains("nowhere", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Reproduce_OfOmniglotWithoutItsArchives_NamesThem()
    {
        using TestFolder folder = new();

        CommandResult result = (await CommandLine.RunAsync(folder.Path, "reproduce", "omniglot", "--data", ".")).Expect(3);

        Assert.Contains("WSP094", result.Error, StringComparison.Ordinal);
        Assert.Contains("images_background_small1.zip", result.Error, StringComparison.Ordinal);
    }
}
