using System.Globalization;
using Tandem.Faults;
using Tandem.Inference.Tests.Onnx;
using Tandem.Inference.Tests.Pictures;
using Tandem.Inference.Tests.Texts;
using Tandem.Monitoring.Skew;
using Tandem.Numerics;
using Tandem.Registry;
using Tandem.Serving;
using Tandem.Training;

namespace Tandem.Workspace.Tests;

/// <summary>Models that read features, in a whole system whose definitions change: items are hot for an hour each, and
/// people choose what is hot.</summary>
public sealed class RankingTests
{
    private const int Hours = 30;

    [Fact]
    public async Task TrainAsync_WithARankingModel_ServesByFeatures_WithoutSkew()
    {
        using SmallWorkspace small = Create();
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
        Assert.InRange(answer.Items.Take(5).Count(IsHot), 4, 5);
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
        using SmallWorkspace small = Create();
        Encode(small, encoder);
        await using TandemWorkspace workspace = await small.OpenAsync();

        TrainingRun run = await TrainAsync(small, workspace);
        RecommendResponse answer = await AskAsync(workspace);

        Assert.True(run.Rank!.IsKept, run.Rank.Reason);
        Assert.Equal("facts:category", run.Rank.Importance[0].Name);
        Assert.Equal("by features", NoteOf(answer));
        Assert.All(answer.Items.Take(8), static item => Assert.True(IsHot(item), item.Id));
        Assert.True(answer.Items[0].Score > 0.6);
    }

    [Fact]
    public async Task TrainAsync_WithATextThatAModelReads_KeepsTheModelWithTheVersion()
    {
        using SmallWorkspace small = Create();
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
            Assert.All(before.Items.Take(8), static item => Assert.True(IsHot(item), item.Id));
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
        using SmallWorkspace small = Create();
        Encode(small, "{kind: image, folder: posters, model: pictures.onnx}");
        await File.WriteAllBytesAsync(
            Path.Combine(small.Folder, "pictures.onnx"),
            new OnnxWriter().Input("x", OnnxWriter.Float, -1, 3, 2, 2).Output("y", OnnxWriter.Float, -1, 12)
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
            Assert.All(before.Items.Take(8), static item => Assert.True(IsHot(item), item.Id));
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
        using SmallWorkspace small = Create();
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
        await RecordAsync(small, workspace);
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

    private static bool IsHot(RecommendedItem item) =>
        int.Parse(item.Id.AsSpan(1), CultureInfo.InvariantCulture) % 3 == (Hours - 1) % 3;

    private static SmallWorkspace Create()
    {
        SmallWorkspace small = new();
        small.Mend("any_of: [watch_fraction >= 0.5]", "window: 30m");
        small.Mend(
            """
              user_activity:
                entity: user
                source: play
                aggregates:
                  plays_7d: count over 7d
            """,
            """
              item_play:
                entity: item
                source: play
                aggregates:
                  lately: count over 20m
              user_play:
                entity: user
                source: play
                aggregates:
                  plays_7d: count over 7d
            """);
        small.Mend("retrieve: {kind: ials, factors: 8, epochs: 3}", "retrieve: popular\n  rank: logistic");
        small.Mend("split: {by: leave-last-out}", "split: {by: time, test: 6h}\n  most_alone: 1");
        small.Mend("metrics: [recall@5, ndcg@5]", "metrics: [shown_auc, recall@5]");
        small.Mend("gate: {metric: ndcg@5}", "gate: {metric: shown_auc}");
        return small;
    }

    /// <summary>Requests of thirty hours as they happen: one every two minutes, told every four.</summary>
    private static async Task RecordAsync(SmallWorkspace small, TandemWorkspace workspace)
    {
        SeededRandom random = new(seed: 5);
        for (int step = 0; step < Hours * 15; step++)
        {
            int hour = step / 15;
            List<ReadOnlyMemory<byte>> lines = [];
            if (step % 15 == 0)
            {
                AddCategories(lines, small.Clock.GetUtcNow(), hour);
            }

            small.Clock.Advance(TimeSpan.FromMinutes(4));
            for (int n = 0; n < 2; n++)
            {
                AddRequest(lines, ref random, small.Clock.GetUtcNow().AddMinutes(-2 * (n + 1)), $"r{step}-{n}", hour);
            }

            Assert.All(await workspace.IngestAsync(lines), static outcome => Assert.Null(outcome.Fault));
        }
    }

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

    /// <summary>Rows of the table: what is hot from now on.</summary>
    private static void AddCategories(List<ReadOnlyMemory<byte>> lines, DateTimeOffset time, int hour)
    {
        for (int item = 0; item < 30; item++)
        {
            string category = item % 3 == hour % 3 ? "hot" : "cold";
            lines.Add(SmallWorkspace.Bytes(string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"id\":\"t{hour}-{item}\",\"type\":\"thing\",\"entities\":{{\"item\":\"v{item}\"}}," +
                $"\"time\":\"{time:yyyy-MM-ddTHH:mm:ss}Z\",\"data\":{{\"category\":\"{category}\"}}}}")));
        }
    }

    private static void AddRequest(
        List<ReadOnlyMemory<byte>> lines, ref SeededRandom random, DateTimeOffset time, string request, int hour)
    {
        int user = random.NextInt(40);
        int[] items = [.. Enumerable.Range(0, 30)];
        for (int position = 0; position < 4; position++)
        {
            int drawn = position + random.NextInt(items.Length - position);
            (items[position], items[drawn]) = (items[drawn], items[position]);
            int item = items[position];
            lines.Add(Line("impression", $"i{position}", request, user, item, time, ""));
            if (random.NextDouble() < (item % 3 == hour % 3 ? 0.8 : 0.1))
            {
                lines.Add(Line(
                    "play", $"p{position}", request, user, item, time.AddSeconds(10),
                    ",\"data\":{\"watch_fraction\":0.9}"));
            }
        }
    }

    private static ReadOnlyMemory<byte> Line(
        string type, string mark, string request, int user, int item, DateTimeOffset time, string data) =>
        SmallWorkspace.Bytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"id\":\"{request}-{mark}\",\"type\":\"{type}\",\"entities\":{{\"user\":\"u{user}\",\"item\":\"v{item}\"}}," +
            $"\"time\":\"{time:yyyy-MM-ddTHH:mm:ss}Z\",\"request\":\"{request}\"{data}}}"));
}
