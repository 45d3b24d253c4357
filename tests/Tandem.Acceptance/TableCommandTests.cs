using System.Globalization;
using System.Text;
using System.Text.Json;
using Tandem.Numerics;
using Tandem.Testing;

namespace Tandem.Acceptance;

/// <summary>Tables of rows that are examples, from the terminal: judged, compared, searched, advised on.</summary>
public sealed class TableCommandTests : IDisposable
{
    private const int Calls = 400;

    private const string Design = """
        name: calls
        objective: {task: binary, label: {event: call, when: answer == "yes"}}
        sources:
          call:
            times: false
            columns: {answer: text, color: text}
            drop: {user: a name, item: a name, at: known afterwards}
            import: {format: csv, files: calls.csv}
        model: {predict: logistic}
        training:
          split: {by: random, share: 0.25}
        evaluation: {bootstrap_samples: 50, slices: [color]}

        """;

    private readonly TestFolder _folder = new();

    public TableCommandTests()
    {
        SeededRandom random = new(3);
        StringBuilder csv = new("user,item,at,x,color,answer\n");
        for (int call = 0; call < Calls; call++)
        {
            bool isYes = random.NextInt(4) == 0;
            double x = (isYes ? 2 : 0) + random.NextGaussian();
            csv.Append(
                CultureInfo.InvariantCulture,
                $"u{call % 40},i{call % 15},2026-01-02T10:00:{call % 60:00}Z,{x:F4},{(random.NextInt(2) == 0 ? "red" : "blue")},{(isYes ? "yes" : "no")}\n");
        }

        File.WriteAllText(_folder["calls.csv"], csv.ToString());
        File.WriteAllText(_folder["calls.yaml"], Design);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Evaluate_OfACsvTable_ShowsFigures_AndSearchesRanges()
    {
        File.WriteAllText(_folder["searched.yaml"], Design.Replace(
            "split: {by: random, share: 0.25}",
            "split: {by: random, folds: 2}\n  calibration: none\n  candidates: [{kind: logistic, regularisation: [1000, 0.001]}]\n  search: {trials: 3, halving: 2}",
            StringComparison.Ordinal));

        CommandResult told = (await RunAsync("evaluate", "calls.yaml", "--data", ".")).Expect(0);
        using JsonDocument json = Json(await RunAsync("evaluate", "searched.yaml", "--data", ".", "--json"));
        CommandResult searched = (await RunAsync("evaluate", "searched.yaml", "--data", ".")).Expect(0);

        Assert.Contains("logistic leans on", told.Output, StringComparison.Ordinal);
        Assert.Contains("color=red", told.Output, StringComparison.Ordinal);
        Assert.Contains("300 rows to learn from", told.Output, StringComparison.Ordinal);
        Assert.Equal(["constant", "logistic", "searched"], Names(json));
        Assert.InRange(Figure(json, "searched", "roc_auc"), 0.85, 0.98);
        JsonElement[] searches = [.. json.RootElement.GetProperty("searches").EnumerateArray()];
        Assert.Equal(2, searches.Length);
        Assert.All(searches, static search => Assert.Contains(
            search.GetProperty("trials").EnumerateArray(),
            trial => trial.GetProperty("name").GetString() == search.GetProperty("picked").GetString()));
        Assert.Contains("picked by pr_auc", searched.Output, StringComparison.Ordinal);
        Assert.Contains("division 2:", searched.Output, StringComparison.Ordinal);
    }

    /// <summary>What the lake holds is a table, too.</summary>
    [Fact]
    public async Task Evaluate_OfAParquetTable_GivesAboutTheSame()
    {
        File.WriteAllText(_folder["log.yaml"], """
            name: log
            objective: {task: retrieval, label: call}
            sources:
              call:
                entities: [user, item]
                columns: {x: number, color: text, answer: text}
                import: {format: csv, files: calls.csv, columns: {time: at}}
            model: {retrieve: popular}

            """);
        (await RunAsync("import", "--spec", "log.yaml", "--data", ".")).Expect(0);
        File.Copy(
            Assert.Single(Directory.GetFiles(_folder[".tandem"], "*.parquet", SearchOption.AllDirectories)), _folder["calls.parquet"]);
        string others = string.Join(
            ", ",
            "event_id log_position event_time known_time tenant request_id position propensity model_version features user item extra"
                .Split(' ').Select(static name => name + ": of the event"));
        File.WriteAllText(_folder["parquet.yaml"], Design
            .Replace("format: csv, files: calls.csv", "format: parquet, files: calls.parquet", StringComparison.Ordinal)
            .Replace("drop: {user: a name, item: a name, at: known afterwards}", $"drop: {{{others}}}", StringComparison.Ordinal));

        using JsonDocument parquet = Json(await RunAsync("evaluate", "parquet.yaml", "--data", ".", "--json"));

        Assert.Equal(300, parquet.RootElement.GetProperty("protocol").GetProperty("train_rows").GetInt32());
        Assert.InRange(Figure(parquet, "logistic", "roc_auc"), 0.85, 0.98);
        Assert.Equal(0.25, Figure(parquet, "constant", "pr_auc"), 0.05);
    }

    [Fact]
    public async Task Evaluate_OfLibsvmWithAFileOfGroups_OrdersWithinThem()
    {
        SeededRandom random = new(1);
        StringBuilder rows = new();
        for (int row = 0; row < 360; row++)
        {
            int grade = Math.Max(0, random.NextInt(5) - 2);
            rows.Append(CultureInfo.InvariantCulture, $"{grade} 1:{grade + (0.7 * random.NextGaussian()):F3} 7:{random.NextDouble():F3}\n");
        }

        File.WriteAllText(_folder["rank"], rows.ToString());
        File.WriteAllText(_folder["rank.query"], string.Concat(Enumerable.Repeat("6\n", 60)));
        File.WriteAllText(_folder["rank.yaml"], """
            name: rank
            objective: {task: ranking, label: {event: document, column: grade, group: query}}
            sources:
              document:
                times: false
                columns: {grade: whole, query: text}
                import: {format: libsvm, files: rank, groups: rank.query, columns: {grade: label, query: qid}}
            model: {predict: boosted_trees}
            training: {split: {by: groups, folds: 2}, candidates: [logistic]}
            evaluation: {metrics: [ndcg@3], gate: {metric: ndcg@3}, bootstrap_samples: 50}

            """);

        using JsonDocument judged = Json(await RunAsync("evaluate", "rank.yaml", "--data", ".", "--json"));
        File.AppendAllText(_folder["rank.query"], "6\n");
        CommandResult torn = (await RunAsync("evaluate", "rank.yaml", "--data", ".")).Expect(2);
        CommandResult compared = (await RunAsync("compare", "imbalance", "rank.yaml", "--data", ".")).Expect(2);

        Assert.Equal(["constant", "boosted_trees", "logistic pointwise"], Names(judged));
        Assert.Equal(60, judged.RootElement.GetProperty("protocol").GetProperty("users").GetInt32());
        Assert.True(Figure(judged, "logistic pointwise", "ndcg@3") > Figure(judged, "constant", "ndcg@3") + 0.2);
        Assert.Contains("WSP113", torn.Error, StringComparison.Ordinal);
        Assert.Contains("WSP098", compared.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CompareImbalance_JudgesAllMethodsOnTheSameRows_AndNamesWhatIsLeftOut()
    {
        using JsonDocument all = Json(await RunAsync("compare", "imbalance", "calls.yaml", "--data", ".", "--json"));
        string[] lines = File.ReadAllLines(_folder["calls.csv"]);
        lines[1] = lines[1].Replace(lines[1].Split(',')[3], "", StringComparison.Ordinal);
        File.WriteAllLines(_folder["calls.csv"], lines);
        File.WriteAllText(
            _folder["trees.yaml"], Design.Replace("predict: logistic", "predict: boosted_trees", StringComparison.Ordinal));
        CommandResult missing = (await RunAsync("compare", "imbalance", "trees.yaml", "--data", ".")).Expect(0);

        Assert.Equal(
            ["constant", "logistic, none", "logistic, class_weight", "logistic, down_sample", "logistic, smote"], Names(all));
        Assert.All(Names(all), name => Assert.InRange(Figure(all, name, "ece"), 0, 0.25));
        Assert.Equal(4, all.RootElement.GetProperty("differences").GetArrayLength());
        Assert.Contains("boosted_trees, down_sample", missing.Output, StringComparison.Ordinal);
        Assert.Contains("boosted_trees, smote is left out", missing.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Advise_WithAnswers_WritesADesignThatPassesTheCheck()
    {
        CommandResult advised = (await RunAsync(
            "advise", "--then", "act", "--base-rate", "0.02", "--cost-missed", "20", "--label-delay", "7d", "--out", "advised.yaml"))
            .Expect(0);
        (await RunAsync("check", "--spec", "advised.yaml")).Expect(0);
        CommandResult wrong = (await RunAsync("advise", "--then", "fly")).Expect(2);

        Assert.Contains("objective.decision", advised.Output, StringComparison.Ordinal);
        Assert.Contains("SPC079", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_OfABrokenTable_SaysWhereAndWhatToDo()
    {
        string[] lines = File.ReadAllLines(_folder["calls.csv"]);
        File.WriteAllLines(_folder["calls.csv"], [.. lines[..4], lines[4] + ",and more", .. lines[5..]]);
        CommandResult torn = (await RunAsync("evaluate", "calls.yaml", "--data", ".")).Expect(2);
        File.WriteAllLines(_folder["calls.csv"], [lines[0]]);
        CommandResult empty = (await RunAsync("evaluate", "calls.yaml", "--data", ".")).Expect(2);
        File.WriteAllLines(_folder["calls.csv"], lines.Select(static line => line.Replace(",yes", ",no", StringComparison.Ordinal)));
        CommandResult negatives = (await RunAsync("evaluate", "calls.yaml", "--data", ".")).Expect(2);

        Assert.Contains("WSP110", torn.Error, StringComparison.Ordinal);
        Assert.Contains("calls.csv:5", torn.Error, StringComparison.Ordinal);
        Assert.Contains("WSP111", empty.Error, StringComparison.Ordinal);
        Assert.Contains("LRN015", negatives.Error, StringComparison.Ordinal);
    }

    private Task<CommandResult> RunAsync(params string[] arguments) => CommandLine.RunAsync(_folder.Path, arguments);

    private static JsonDocument Json(CommandResult result) => JsonDocument.Parse(result.Expect(0).Output);

    private static string[] Names(JsonDocument result) =>
        [.. result.RootElement.GetProperty("models").EnumerateArray().Select(static model => model.GetProperty("name").GetString()!)];

    private static double Figure(JsonDocument result, string model, string metric) => result.RootElement.GetProperty("models")
        .EnumerateArray().Single(each => each.GetProperty("name").GetString() == model)
        .GetProperty("metrics").GetProperty(metric).GetDouble();
}
