using System.IO.Compression;
using Tandem.Faults;
using Tandem.Learning;
using Tandem.Learning.Pictures;
using Tandem.Testing;
using Tandem.Workspace.Published;

namespace Tandem.Workspace.Tests;

public sealed class OmniglotTests
{
    // A few passes over pictures of a size that is quick; the command's own settings learn far longer.
    private static readonly PictureNetworkOptions Brief = Omniglot.Options with
    {
        Size = 28,
        Widths = PictureNetworkOptions.WidthsFor(28),
        Epochs = 2,
    };

    [SharedDataFact]
    public void Judge_OfTheRuns_GivesThePublishedProtocol_AndAnEncoderFarAheadOfPixels()
    {
        EvaluationResult found = Omniglot.Judge(
            SharedData.Find("data/omniglot"), Brief, new Progress<(string Step, double Share)>(), CancellationToken.None);

        Assert.Equal((20, 20, 400), (found.Protocol.Users, found.Protocol.Items, found.Protocol.TestRows));

        // 242 characters of 20 drawings: the archives share two alphabets.
        Assert.Equal(4840, found.Protocol.TrainRows);
        Assert.Equal(
            ["pixels", "colours_and_edges", "encoder"], found.Models.Select(static model => model.Name),
            StringComparer.Ordinal);
        var errors = found.Models.ToDictionary(
            static model => model.Name, static model => model.Metrics[OneShot.Metric], StringComparer.Ordinal);

        // 78.2 % by pixels of full size; 219 of the 400 questions are answered by colours and edges.
        Assert.InRange(errors["pixels"], 65, 85);
        Assert.Equal(45.25, errors["colours_and_edges"], 1e-9);
        Assert.True(errors["encoder"] < errors["pixels"] - 15, $"{errors["encoder"]} %");
        Assert.All(found.Models, static model => Assert.InRange(
            model.Metrics[OneShot.Metric], model.Intervals[OneShot.Metric][0], model.Intervals[OneShot.Metric][1]));
    }

    [Fact]
    public void Judge_OfArchivesThatAreNotThere_OrDamaged_NamesThem()
    {
        using TestFolder folder = new();

        Assert.Contains("images_background_small1.zip", WhatOf(folder), StringComparison.Ordinal);
        File.WriteAllText(folder["images_background_small1.zip"], "no archive");
        Assert.Contains("images_background_small1.zip", WhatOf(folder), StringComparison.Ordinal);
        Write(folder["images_background_small1.zip"], "a/Greek/character01/1.png");
        Write(folder["images_background_small2.zip"], "b/Latin/character01/1.png");
        Assert.Contains("Greek/character01/1.png", WhatOf(folder), StringComparison.Ordinal);
    }

    private static string WhatOf(TestFolder folder)
    {
        Fault fault = Assert.Throws<TandemException>(() => Omniglot.Judge(
            folder.Path, Brief, new Progress<(string Step, double Share)>(), CancellationToken.None)).Fault;
        Assert.Equal("WSP094", fault.Code);
        return fault.What;
    }

    private static void Write(string path, string name)
    {
        File.Delete(path);
        using ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Create);
        using Stream stream = archive.CreateEntry(name).Open();
        stream.Write("no picture"u8);
    }
}
