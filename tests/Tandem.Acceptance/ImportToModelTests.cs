using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tandem.Registry;
using Tandem.Testing;

namespace Tandem.Acceptance;

/// <summary>From files to a model, at the terminal.</summary>
public sealed partial class ImportToModelTests
{
    // The published reference figures, and how far a different tie order moves them.
    private const double PopularHitRate = 0.0135;
    private const double PopularNdcg = 0.0061;
    private const double PopularTolerance = 0.0003;

    [Fact]
    public async Task ImportTrainModels_OfACsv_EndsWithAChampion()
    {
        using Shop shop = new();

        (await shop.RunAsync("import")).Expect(0);
        (await shop.RunAsync("train")).Expect(0);
        CommandResult models = (await shop.RunAsync("models")).Expect(0);

        Assert.Contains("1 champion", models.Output, StringComparison.Ordinal);
        ModelVersion? champion = await shop.ChampionAsync();
        Assert.Equal(1, champion?.Number);
    }

    [Fact]
    public async Task Import_Twice_ChangesNothing()
    {
        using Shop shop = new();
        await File.AppendAllTextAsync(shop["purchases.csv"], "c1,,2026-01-01T00:00:00Z\n");
        CommandResult first = (await shop.RunAsync("import")).Expect(0);
        List<string> before = await shop.LakeAsync();

        CommandResult second = (await shop.RunAsync("import")).Expect(0);

        List<string> after = await shop.LakeAsync();
        Assert.Equal(shop.Rows, before.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(before.Order(StringComparer.Ordinal), after.Order(StringComparer.Ordinal));
        Assert.All([first, second], result =>
            Assert.Contains("1 rows are in quarantine", result.Output, StringComparison.Ordinal));
        Assert.Single(Directory.GetFiles(shop[".tandem/default/quarantine"], "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Import_WhereTheDesignMapsNoColumns_ShowsWhatItGuessed()
    {
        using Shop shop = new();
        string design = await File.ReadAllTextAsync(shop["tandem.yaml"]);
        await File.WriteAllTextAsync(
            shop["tandem.yaml"],
            design.Replace("columns: {user: customer, item: product, time: at}", "", StringComparison.Ordinal));

        CommandResult read = (await shop.RunAsync("import")).Expect(0);
        CommandResult again = (await shop.RunAsync("import", "--json")).Expect(0);

        Assert.Contains(
            "Guessed for purchase: columns: {user: \"customer\", item: \"product\", time: \"at\"}",
            read.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        using var summary = JsonDocument.Parse(again.Output);
        Assert.Equal(shop.Rows, summary.RootElement.GetProperty("lake_rows").GetInt64());
        Assert.Equal(
            ["customer", "product", "at"],
            summary.RootElement.GetProperty("guesses").EnumerateArray()
                .Select(guess => guess.GetProperty("column").GetString()), StringComparer.Ordinal);
    }

    [Fact]
    public async Task TrainAsJson_WhereTheGateRefuses_SaysWhyAndExitsWithOne()
    {
        using Shop shop = new();
        (await shop.RunAsync("import")).Expect(0);
        (await shop.RunAsync("train")).Expect(0);

        CommandResult again = (await shop.RunAsync("train", "--json")).Expect(1);

        using var run = JsonDocument.Parse(again.Output);
        Assert.Equal(2, run.RootElement.GetProperty("version").GetInt32());
        Assert.Contains(
            "champion version 1", run.RootElement.GetProperty("verdict").GetProperty("reason").GetString(),
            StringComparison.Ordinal);
        Assert.Equal(1, (await shop.ChampionAsync())?.Number);
    }

    [Fact]
    public async Task Models_WithPromote_MovesTheChampionAndKeepsTheReason()
    {
        using Shop shop = new();
        (await shop.RunAsync("import")).Expect(0);
        (await shop.RunAsync("train")).Expect(0);
        (await shop.RunAsync("train")).Expect(1);

        CommandResult promoted = (await shop.RunAsync("models", "--promote", "2", "--why", "I [like] it")).Expect(0);
        CommandResult missing = (await shop.RunAsync("models", "--promote", "7")).Expect(2);

        Assert.Contains("I [like] it", promoted.Output, StringComparison.Ordinal);
        Assert.Contains("REG", missing.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await shop.ChampionAsync())?.Number);
    }

    [Fact]
    public async Task ImportAndTrain_OfAnAdjacencyFile_EndWithAModel()
    {
        using TestFolder folder = new();
        await File.WriteAllTextAsync(folder["tandem.yaml"], """
            name: places
            objective: {task: retrieval, label: visit}
            sources:
              visit:
                entities: [user, item]
                times: false
                import: {format: adjacency, files: visits.txt.gz}
            model: {retrieve: co_occurrence}
            training: {split: leave-last-out}
            evaluation: {metrics: [hr@5, ndcg@5], baselines: [popular], gate: {metric: ndcg@5}}
            """);
        await using (GZipStream zip = new(File.Create(folder["visits.txt.gz"]), CompressionLevel.Fastest))
        {
            for (int user = 0; user < 40; user++)
            {
                string items = string.Join(' ', Enumerable.Range(0, 8).Select(n => ((user + n) % 15 * 2) + (user % 2)));
                await zip.WriteAsync(Encoding.UTF8.GetBytes(
                    string.Create(CultureInfo.InvariantCulture, $"{user} {items}\n")));
            }
        }

        CommandResult import = (await CommandLine.RunAsync(folder.Path, "import")).Expect(0);
        (await CommandLine.RunAsync(folder.Path, "train")).Expect(0);

        Assert.Equal("320", LakeRows().Match(import.Output).Groups["rows"].Value);
    }

    [Fact]
    public async Task Evaluate_OfAPublishedSplit_FitsOnOnePartAndJudgesOnTheOther()
    {
        using TestFolder folder = await PublishedSplitAsync();

        CommandResult result = (await CommandLine.RunAsync(
            folder.Path, "evaluate", "tandem.yaml", "--data", ".", "--json")).Expect(0);

        using var json = JsonDocument.Parse(result.Output);
        JsonElement protocol = json.RootElement.GetProperty("protocol");
        Assert.Equal(12, protocol.GetProperty("train_rows").GetInt64());
        Assert.Equal(4, protocol.GetProperty("test_rows").GetInt64());
        Assert.Equal(3, protocol.GetProperty("users").GetInt32());
    }

    [Fact]
    public async Task Evaluate_AmongSampledItems_IsKinder_AndSaysSo()
    {
        using TestFolder folder = await PublishedSplitAsync();

        CommandResult full = (await CommandLine.RunAsync(
            folder.Path, "evaluate", "tandem.yaml", "--data", ".", "--json")).Expect(0);
        CommandResult sampled = (await CommandLine.RunAsync(
            folder.Path, "evaluate", "tandem.yaml", "--data", ".", "--sampled", "1", "--json")).Expect(0);
        CommandResult shown = (await CommandLine.RunAsync(
            folder.Path, "evaluate", "tandem.yaml", "--data", ".", "--sampled", "1")).Expect(0);
        CommandResult wrong = (await CommandLine.RunAsync(
            folder.Path, "evaluate", "tandem.yaml", "--data", ".", "--sampled", "-1")).Expect(2);

        using var among = JsonDocument.Parse(sampled.Output);
        using var all = JsonDocument.Parse(full.Output);
        Assert.NotEqual(Candidates(all), Candidates(among), StringComparer.Ordinal);
        Assert.Contains("1 drawn at random", Candidates(among), StringComparison.Ordinal);
        Assert.True(FirstRecall(among) >= FirstRecall(all));
        Assert.Contains("sampled", shown.Output + shown.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("--sampled takes a count of items, 0 or more.", wrong.Output + wrong.Error, StringComparison.Ordinal);

        static string Candidates(JsonDocument json) =>
            json.RootElement.GetProperty("protocol").GetProperty("candidates").GetString()!;
        static double FirstRecall(JsonDocument json) =>
            json.RootElement.GetProperty("models")[0].GetProperty("metrics").GetProperty("recall@1").GetDouble();
    }

    [SharedDataFact]
    public async Task Reproduce_OfAmazonBeauty_GivesTheReferenceFigures()
    {
        string data = Path.GetDirectoryName(SharedData.Find("data/amazon-beauty"))!;

        CommandResult result = (await CommandLine.RunAsync(
            SharedData.Root, "reproduce", "beauty", "--data", data, "--json", "--only", "co_occurrence", "markov")).Expect(0);

        using var json = JsonDocument.Parse(result.Output);
        Assert.Equal(JsonValueKind.Object, json.RootElement.GetProperty("protocol").ValueKind);
        JsonElement[] models = [.. json.RootElement.GetProperty("models").EnumerateArray()];
        Assert.All(models, model =>
        {
            Assert.True(model.GetProperty("seconds").GetDouble() > 0);
            foreach (JsonProperty metric in model.GetProperty("metrics").EnumerateObject())
            {
                JsonElement interval = model.GetProperty("intervals").GetProperty(metric.Name);
                Assert.InRange(metric.Value.GetDouble(), interval[0].GetDouble(), interval[1].GetDouble());
            }
        });
        Assert.Equal(PopularHitRate, Metric(models, "popular", "hr@10"), PopularTolerance);
        Assert.Equal(PopularNdcg, Metric(models, "popular", "ndcg@10"), PopularTolerance);
        Assert.True(Metric(models, "co_occurrence", "hr@10") >= 0.1);
        Assert.True(Metric(models, "co_occurrence", "ndcg@10") >= 0.062);
        Assert.Equal(
            ["popular", "co_occurrence", "co_occurrence (2)", "markov"],
            models.Select(static model => model.GetProperty("name").GetString()), StringComparer.Ordinal);
    }

    [SharedDataFact]
    public async Task Reproduce_OfAKindThatTheTableLacks_ListsThose()
    {
        string data = Path.GetDirectoryName(SharedData.Find("data/amazon-beauty"))!;

        CommandResult result = await CommandLine.RunAsync(
            SharedData.Root, "reproduce", "beauty", "--data", data, "--only", "graph_filter");

        Assert.Contains("WSP092", result.Error, StringComparison.Ordinal);
        Assert.Contains("sasrec", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reproduce_OfAnUnknownTable_ListsThem()
    {
        using TestFolder folder = new();

        CommandResult result = await CommandLine.RunAsync(folder.Path, "reproduce", "beuaty", "--data", ".");

        Assert.Contains("WSP090", result.Error, StringComparison.Ordinal);
        Assert.Contains("gowalla", result.Error, StringComparison.Ordinal);
    }

    private static double Metric(JsonElement[] models, string name, string metric) =>
        models.Single(model => model.GetProperty("name").GetString() == name)
            .GetProperty("metrics").GetProperty(metric).GetDouble();

    [GeneratedRegex(@"the lake holds (?<rows>[\d,]+) events", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LakeRows();

    /// <summary>Four users' visits of five places, some of them apart.</summary>
    private static async Task<TestFolder> PublishedSplitAsync()
    {
        TestFolder folder = new();
        await File.WriteAllTextAsync(folder["tandem.yaml"], """
            name: places
            objective: {task: retrieval, label: visit}
            sources:
              visit:
                entities: [user, item]
                times: false
                import: {format: adjacency, files: {train: train.txt, test: test.txt}}
            model: {retrieve: co_occurrence}
            training: {split: files}
            evaluation: {metrics: [recall@5, recall@1], baselines: [popular], gate: {metric: recall@5}}
            """);
        await File.WriteAllTextAsync(folder["train.txt"], "0 1 2 3\n1 2 3 4\n2 1 3 5\n3 2 4 5\n");
        await File.WriteAllTextAsync(folder["test.txt"], "0 4 5\n1 1\n3 1\n");
        return folder;
    }
}
