using System.Globalization;
using Tandem.Faults;
using Tandem.Inference.Onnx;
using Tandem.Inference.Tests.Pictures;
using Tandem.Inference.Tests.Texts;
using Tandem.Monitoring.Skew;
using Tandem.Registry;
using Tandem.Serving;
using Tandem.Training;

namespace Tandem.Workspace.Tests;

/// <summary>Models that read features, in a whole system whose definitions change: items are hot for an hour each, and
/// people choose what is hot.</summary>
public sealed class RankingTests
{
    [Fact]
    public async Task TrainAsync_WithARankingModel_ServesByFeatures_WithoutSkew()
    {
        using SmallWorkspace small = HotItems.Create();
        await using TandemWorkspace workspace = await small.OpenAsync();
        TrainingRun run = await TrainAsync(small, workspace);

        RecommendResponse answer = await AskAsync(workspace);
        for (int user = 0; user < 40; user++)
        {
            await workspace.RecommendAsync(new RecommendRequest { UserId = $"u{user}" });
        }

        await workspace.CompactAsync();
        DateTimeOffset now = small.Clock.GetUtcNow();
        SkewReport skew = (await workspace.ReportSkewAsync(now.AddHours(-1), now.AddHours(1)))!;

        FeatureCatalogue catalogue = await workspace.FeaturesAsync();
        FeatureEntry lately = catalogue.Views.Single(static view => view.Name == "item_play").Features[0];

        Assert.Equal(run.Rank!.Importance.Single(static each => each.Name == "item_play:lately").Permutation, lately.Importance);
        Assert.True(lately.Weight > 0);
        Assert.Equal(0, lately.Skew);
        Assert.True(catalogue.Ranking!.IsUsed);
        Assert.True(run.Rank!.IsKept, run.Rank.Reason);
        Assert.Equal("by features", NoteOf(answer));
        Assert.InRange(answer.Items.Take(5).Count(static item => HotItems.IsHot(item.Id)), 4, 5);
        Assert.Null(workspace.Problem);
        Assert.InRange(skew.Rows, 300, 41 * 10);
        Assert.Equal((0, 0), (skew.Mismatched, skew.LeftOut));
    }

    [Theory]
    [InlineData("hashing")]
    [InlineData("{kind: target, strength: 5}")]
    [InlineData("vocabulary")]
    public async Task TrainAsync_WithATextThatTells_ServesByIt(string encoder)
    {
        using SmallWorkspace small = HotItems.Create();
        Encode(small, encoder);
        await using TandemWorkspace workspace = await small.OpenAsync();

        TrainingRun run = await TrainAsync(small, workspace);
        RecommendResponse answer = await AskAsync(workspace);

        Assert.True(run.Rank!.IsKept, run.Rank.Reason);
        Assert.Equal("facts:category", run.Rank.Importance[0].Name);
        Assert.Equal("by features", NoteOf(answer));
        Assert.All(answer.Items.Take(8), static item => Assert.True(HotItems.IsHot(item.Id), item.Id));
        Assert.True(answer.Items[0].Score > 0.6);
    }

    [Fact]
    public async Task TrainAsync_WithATextThatAModelReads_KeepsTheModelWithTheVersion()
    {
        using SmallWorkspace small = HotItems.Create();
        Encode(small, "{kind: embedding, model: texts/tiny.onnx, vocabulary: texts/vocab.txt}");
        Assert.Equal(
            "FEA034", (await Assert.ThrowsAsync<TandemException>(small.OpenAsync)).Faults[0].Code);
        TinyBert bert = new(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "hot", "cold"], 8, new Random(4));
        Directory.CreateDirectory(Path.Combine(small.Folder, "texts"));
        await File.WriteAllBytesAsync(Path.Combine(small.Folder, "texts", "tiny.onnx"), bert.ToOnnx());
        await File.WriteAllBytesAsync(Path.Combine(small.Folder, "texts", "vocab.txt"), bert.Vocabulary);
        RecommendResponse before;
        await using (TandemWorkspace first = await small.OpenAsync())
        {
            TrainingRun run = await TrainAsync(small, first);
            before = await AskAsync(first);

            Assert.True(run.Rank!.IsKept, run.Rank.Reason);
            Assert.Equal("facts:category", run.Rank.Importance[0].Name);
            Assert.All(before.Items.Take(8), static item => Assert.True(HotItems.IsHot(item.Id), item.Id));
        }

        // What lies in the folder now is for the next version.
        await File.WriteAllTextAsync(Path.Combine(small.Folder, "texts", "tiny.onnx"), "no model");
        await using TandemWorkspace second = await small.OpenAsync();
        await second.StartServingAsync();
        RecommendResponse after = await AskAsync(second);

        Assert.Equal("by features", NoteOf(after));
        Assert.Equal(before.Items, after.Items);
        Assert.Equal(
            "INF002", (await Assert.ThrowsAsync<TandemException>(() => second.TrainAsync(TrainingCause.Manual))).Faults[0].Code);
    }

    [Fact]
    public async Task TrainAsync_WithAPictureThatTells_ServesByItAfterARestart()
    {
        using SmallWorkspace small = HotItems.Create();
        Encode(small, "{kind: image, folder: posters, model: pictures.onnx}");
        await File.WriteAllBytesAsync(
            Path.Combine(small.Folder, "pictures.onnx"),
            new OnnxWriter().Input("x", OnnxElement.Float32, -1, 3, 2, 2).Output("y", OnnxElement.Float32, -1, 12)
                .Node("Flatten", ["x"], "y").ToBytes());
        Assert.Equal(
            "FEA034", (await Assert.ThrowsAsync<TandemException>(small.OpenAsync)).Faults[0].Code);
        string posters = Directory.CreateDirectory(Path.Combine(small.Folder, "posters")).FullName;
        foreach ((string name, byte blue) in ((string, byte)[])[("hot", 0), ("cold", 255)])
        {
            byte[] pixels = [.. Enumerable.Repeat((byte[])[200, 40, blue], 9).SelectMany(static each => each)];
            await File.WriteAllBytesAsync(
                Path.Combine(posters, name), PngWriter.Write(3, 3, PngWriter.Rgb, pixels));
        }

        RecommendResponse before;
        await using (TandemWorkspace first = await small.OpenAsync())
        {
            TrainingRun run = await TrainAsync(small, first);
            before = await AskAsync(first);

            Assert.True(run.Rank!.IsKept, run.Rank.Reason);
            Assert.Equal("facts:category", run.Rank.Importance[0].Name);
            Assert.All(before.Items.Take(8), static item => Assert.True(HotItems.IsHot(item.Id), item.Id));
        }

        // The model went with the version; the pictures lie in the folder still.
        await File.WriteAllTextAsync(Path.Combine(small.Folder, "pictures.onnx"), "no model");
        await using TandemWorkspace second = await small.OpenAsync();
        await second.StartServingAsync();
        RecommendResponse after = await AskAsync(second);

        Assert.Equal("by features", NoteOf(after));
        Assert.Equal(before.Items, after.Items);
    }

    [Fact]
    public async Task StartServingAsync_AfterTheDefinitionsChanged_RanksByThoseOfTheChampion_AndRollsThemBack()
    {
        using SmallWorkspace small = HotItems.Create();
        RecommendResponse before;
        await using (TandemWorkspace first = await small.OpenAsync())
        {
            await TrainAsync(small, first);
            before = await AskAsync(first);
        }

        small.Mend("lately: count over 20m", "lately: count over 40m");
        await using (TandemWorkspace second = await small.OpenAsync())
        {
            await second.StartServingAsync();
            RecommendResponse same = await AskAsync(second);

            Assert.Equal("by features", NoteOf(same));
            Assert.Equal(before.Items, same.Items);
            Assert.Null(second.Problem);

            // The next version reads the new definitions, and rolling it back brings the old ones back.
            await PromoteAsync(second, (await second.TrainAsync(TrainingCause.Manual)).Version!.Value);
            Assert.NotEqual(before.Items, (await AskAsync(second)).Items);
            await PromoteAsync(second, 1);
            Assert.Equal(before.Items, (await AskAsync(second)).Items);
            await PromoteAsync(second, 2);
            await PromoteAsync(second, (await second.TrainAsync(TrainingCause.Manual)).Version!.Value);
        }

        // The old version is now neither the champion nor the one before it.
        await using (TandemWorkspace third = await small.OpenAsync())
        {
            await third.StartServingAsync();
            Assert.Equal("by features", NoteOf(await AskAsync(third)));
            await PromoteAsync(third, 1);

            RecommendResponse plain = await AskAsync(third);

            Assert.Equal("SRV008: order of retrieval", NoteOf(plain));
            Assert.Equal("SRV008", third.Problem?.Fault.Code);
            Assert.Contains("item_play", third.Problem?.Fault.What, StringComparison.Ordinal);
        }

        await using TandemWorkspace fourth = await small.OpenAsync();
        await fourth.StartServingAsync();
        Assert.Equal(before.Items, (await AskAsync(fourth)).Items);
        Assert.Null(fourth.Problem);
    }

    private static async Task<TrainingRun> TrainAsync(SmallWorkspace small, TandemWorkspace workspace)
    {
        await HotItems.RecordAsync(small, workspace);
        await workspace.CompactAsync();
        TrainingRun run = await workspace.TrainAsync(TrainingCause.Manual);
        await workspace.StartServingAsync();
        return run;
    }

    private static async Task PromoteAsync(TandemWorkspace workspace, int version)
    {
        await workspace.Registry.SetAliasAsync("small", "champion", version, "test", "by hand");
        await workspace.TickAsync();
        Assert.Equal(version.ToString(CultureInfo.InvariantCulture), workspace.Predictor.Model!.Version);
    }

    private static async Task<RecommendResponse> AskAsync(TandemWorkspace workspace) =>
        await workspace.RecommendAsync(new RecommendRequest
        {
            UserId = "u3",
            ExcludeSeen = false,
            Trace = true,
            Explore = false,
        });

    private static string? NoteOf(RecommendResponse response) =>
        response.Trace!.Single(static stage => stage.Stage == "rank").Note;

    /// <summary>Lets the model read what an encoder makes of an item's category, and nothing else of the item.</summary>
    private static void Encode(SmallWorkspace small, string encoder)
    {
        small.Mend(
            """
              item_play:
                entity: item
                source: play
                aggregates:
                  lately: count over 20m
            """,
            """
              facts:
                entity: item
                source: thing
                aggregates:
                  category: last category
            """);
        small.Mend(
            "model:", $"encoders:\n  facts:category: {encoder}\n  user_play:plays_7d: {{kind: bins, bins: 4}}\nmodel:");
    }
}
