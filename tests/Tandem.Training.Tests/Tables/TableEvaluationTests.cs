using System.Globalization;
using Tandem.Faults;
using Tandem.Features;
using Tandem.Learning;
using Tandem.Learning.Imbalance;
using Tandem.Numerics;
using Tandem.Spec;
using Tandem.Training.Tables;

namespace Tandem.Training.Tests.Tables;

public sealed class TableEvaluationTests
{
    private static readonly SpecVocabulary Words = new()
    {
        Models =
        [
            .. ModelCatalogue.Default.RowKinds.Select(static kind => new KnownModel(
                kind.Name, "", [], ReadsFeatures: true, TakesDirections: kind.TakesDirections)),
        ],
        Operators = [],
        Metrics =
        [
            .. RowEvaluation.Metrics.Select(static metric => new KnownMetric(
                metric.Name, "", metric.TakesCutoff,
                metric.Targets[0] == RowTargetKind.Order ? MetricFamily.Ranking : MetricFamily.Classification)),
        ],
    };

    private static readonly TableEvaluationOptions Plain = new() { Imbalance = [ImbalanceChoice.None] };

    [Fact]
    public async Task RunAsync_OfRowsThatSaySomething_BeatsTheConstant_AndSaysWhatItLeansOn()
    {
        EvaluationResult result = await TableEvaluation.RunAsync(Noisy(2000), Spec(), ModelCatalogue.Default, Plain);

        Assert.Equal(["constant", "logistic"], result.Models.Select(static model => model.Name), StringComparer.Ordinal);
        Assert.InRange(result.Models[1].Metrics["roc_auc"], 0.8, 0.95);
        Assert.Equal(0.5, result.Models[0].Metrics["roc_auc"]);
        ModelDifference difference = Assert.Single(result.Differences!);
        Assert.Equal(("logistic", "constant"), (difference.Best, difference.Other));
        Assert.True(difference.Low > 0);
        Assert.Equal("x", result.Models[1].Importance![0].Name);
        Assert.NotEmpty(result.Models[1].Reliability!);
        Assert.Equal((1600, 400), (result.Protocol.TrainRows, result.Protocol.TestRows));
    }

    /// <summary>Nothing that is fitted sees the rows that judge: their labels may be anything.</summary>
    [Fact]
    public async Task RunAsync_OfOtherLabelsWhereItIsJudged_FitsTheSameModel()
    {
        RowTable table = Noisy(600);
        SystemSpec spec = Spec("training: {split: {by: time, share: 0.25}}", "encoders: {color: target}");
        float[] turned = [.. table.Labels.Select((label, row) => row >= 450 ? 1 - label : label)];

        ModelEvaluation first = Logistic(await TableEvaluation.RunAsync(table, spec, ModelCatalogue.Default, Plain));
        ModelEvaluation second = Logistic(await TableEvaluation.RunAsync(table with { Labels = turned }, spec, ModelCatalogue.Default, Plain));

        // Equal scores of opposite labels: the areas mirror each other.
        Assert.Equal(1 - first.Metrics["roc_auc"], second.Metrics["roc_auc"], 9);
    }

    [Fact]
    public async Task RunAsync_WithOneAndTwoThreads_GivesTheSameFigures()
    {
        RowTable table = Noisy(500);

        List<string> figures = [];
        foreach (int threads in (int[])[1, 2])
        {
            EvaluationResult result = await TableEvaluation.RunAsync(
                table, Spec("training: {split: {by: random, folds: 3, repeats: 2}}"), ModelCatalogue.Default,
                Plain with { ThreadCount = threads });
            figures.Add(string.Join(' ', result.Models.SelectMany(static model => model.Metrics.Values)));
        }

        Assert.Equal(figures[0], figures[1]);
    }

    [Fact]
    public async Task RunAsync_ByTime_SaysWhatMoved_AndWhatIsTooGoodToBeHonest()
    {
        RowTable table = Noisy(4000);
        float[] values = [.. table.Values];
        for (int row = 0; row < table.Count; row++)
        {
            values[(row * 3) + 1] += row >= 3200 ? 5 : 0;
            values[(row * 3) + 2] = table.Labels[row];
        }

        EvaluationResult result = await TableEvaluation.RunAsync(
            table with { Values = values }, Spec("training: {split: {by: time, share: 0.2}}"), ModelCatalogue.Default, Plain);

        Assert.Contains(result.Checks!, static check => check is { Name: "drift", Column: "noise" } && check.Figures["psi"] > 1);
        Assert.Contains(result.Checks!, static check => check is { Name: "leak", Column: "written_after" });
        Assert.DoesNotContain(result.Checks!, static check => check is { Name: "drift", Column: "x" } or { Name: "leak", Column: "x" });
        Assert.False(Assert.Single(result.Checks!, static check => check.Name == "base-rate").IsWarning);
    }

    [Fact]
    public async Task RunAsync_OfSlices_GivesFiguresOfEach()
    {
        RowTable table = Noisy(1000);
        string[] colors = [.. Enumerable.Range(0, 1000).Select(row => table.Texts[0].Text(row, 0))];

        EvaluationResult result = await TableEvaluation.RunAsync(
            table with { Slices = [("color", colors)] }, Spec(), ModelCatalogue.Default, Plain);

        SliceEvaluation[] slices = [.. Logistic(result).Slices!];
        Assert.Equal(["color=blue", "color=red"], slices.Select(static slice => slice.Name).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal(200, slices.Sum(static slice => slice.Users));
    }

    [Fact]
    public async Task RunAsync_OfGrades_FitsRowByRowWhatDoesNotOrder()
    {
        SeededRandom random = new(3);
        float[] grades = [.. Enumerable.Range(0, 400).Select(_ => (float)random.NextInt(3))];
        RowTable table = new()
        {
            Numbers = ["x"],
            Values = [.. grades.Select(grade => grade + random.NextSingle())],
            Target = new RowTarget(RowTargetKind.Order),
            Labels = grades,
            Groups = [.. Enumerable.Range(0, 400).Select(static row => row / 8)],
        };
        var file = SpecFile.Parse(
            "name: t\nobjective: {task: ranking, label: {event: row, column: y, group: q}}\nsources: {row: {times: false, columns: {y: whole, q: text}}}\nmodel: {predict: logistic}\n",
            "tandem.yaml", Words);
        Assert.Empty(file.Faults);

        EvaluationResult result = await TableEvaluation.RunAsync(table, file.Spec!, ModelCatalogue.Default, Plain);

        Assert.Equal("logistic pointwise", result.Models[1].Name);
        Assert.InRange(result.Models[1].Metrics["ndcg@3"], 0.95, 1);
        Assert.Equal((50, 400), (result.Protocol.Users, result.Protocol.TestRows));
    }

    [Theory]
    [InlineData("logistic")]
    [InlineData("boosted_trees")]
    public async Task RunAsync_WithARowToExplain_SaysWhatEachFeatureAdds(string kind)
    {
        RowTable table = Noisy(1000);
        int row = table.Values.AsSpan().IndexOf(Enumerable.Range(0, 1000).Max(each => table.Values[each * 3])) / 3;

        EvaluationResult result = await TableEvaluation.RunAsync(
            table, Spec($"model: {{predict: {kind}}}", "training: {split: {by: random, folds: 4}, calibration: none}"),
            ModelCatalogue.Default, Plain with { ExplainedRow = row + 1 });

        ExplainedRow explained = result.Explained!;
        Explanation why = explained.Scores["log_odds"];
        Assert.Equal((kind, row + 1, false), (explained.Model, explained.Row, explained.IsLearned));
        Assert.Equal(table.Values[row * 3].ToString(CultureInfo.InvariantCulture), explained.Values["x"]);
        Assert.Equal(table.Texts[0].Text(row, 0), explained.Values["color"]);
        Assert.Equal(why.Margin, why.Base + why.Rest + why.Contributions.Sum(static each => each.Value), 1e-9);
        Assert.Equal("x", why.Contributions[0].Feature);
        Assert.True(why.Contributions[0].Value > 0.5);
        IReadOnlyList<FeatureImportance> importance = result.Models[1].Importance!;
        Assert.Equal("x", importance.MaxBy(static each => each.Contribution)!.Name);
        Assert.All(importance, static each => Assert.True(each.Contribution >= 0));
    }

    [Fact]
    public async Task RunAsync_WithADirection_LearnsNothingFromWhatRunsAgainstIt()
    {
        RowTable table = Noisy(800);
        TableEvaluationOptions first = Plain with { ExplainedRow = 1 };

        EvaluationResult with = await TableEvaluation.RunAsync(table, Bound("x: rising"), ModelCatalogue.Default, first);
        EvaluationResult against = await TableEvaluation.RunAsync(table, Bound("x: falling"), ModelCatalogue.Default, first);

        // The label rises with x: a score that may only fall with it cannot use it.
        Assert.InRange(with.Models[1].Metrics["roc_auc"], 0.75, 0.95);
        Assert.DoesNotContain(
            against.Explained!.Scores["log_odds"].Contributions, static each => each.Feature == "x" && Math.Abs(each.Value) > 0.3);
        Assert.InRange(against.Models[1].Metrics["roc_auc"], 0.3, with.Models[1].Metrics["roc_auc"] - 0.1);
    }

    [Theory]
    [InlineData("color: rising")]
    [InlineData("price: rising")]
    public async Task RunAsync_WithADirectionOfNoNumber_IsACodedFault(string direction) => Assert.Equal(
        "TRN016",
        (await Assert.ThrowsAsync<TandemException>(() => TableEvaluation.RunAsync(
            Noisy(300), Bound(direction), ModelCatalogue.Default, Plain))).Fault.Code);

    [Fact]
    public async Task RunAsync_WithRowsOutOfOrder_ExplainsTheOneThatWasRead()
    {
        RowTable table = Noisy(300);
        int[] places = [.. Enumerable.Range(0, 300).Reverse()];

        EvaluationResult result = await TableEvaluation.RunAsync(
            table with { Places = places }, Spec(), ModelCatalogue.Default, Plain with { ExplainedRow = 1 });

        Assert.Equal(
            table.Values[299 * 3].ToString(CultureInfo.InvariantCulture), result.Explained!.Values["x"]);
    }

    [Theory]
    [InlineData("logistic", 0, "TRN015")]
    [InlineData("logistic", 301, "TRN015")]
    [InlineData("ftrl", 300, "LRN073")]
    public async Task RunAsync_WithARowThatCannotBeExplained_IsACodedFault(string kind, int row, string code) => Assert.Equal(
        code,
        (await Assert.ThrowsAsync<TandemException>(() => TableEvaluation.RunAsync(
            Noisy(300), Spec($"model: {{predict: {kind}}}"), ModelCatalogue.Default, Plain with { ExplainedRow = row })))
            .Fault.Code);

    [Fact]
    public async Task RunAsync_OfAMethodThatCannotTreatTheRows_LeavesItOut_AndComparesTheOthers()
    {
        RowTable table = Noisy(600);
        table.Values[1] = float.NaN;
        SystemSpec spec = Spec();
        spec = spec with { Model = spec.Model with { Predict = new ModelChoiceSpec { Kind = "boosted_trees" } } };

        EvaluationResult result = await TableEvaluation.RunAsync(
            table, spec, ModelCatalogue.Default,
            Plain with { Imbalance = [ImbalanceChoice.None, ImbalanceChoice.None with { Method = "tomek_links" }] });

        Assert.Equal(["constant", "boosted_trees, none"], result.Models.Select(static model => model.Name), StringComparer.Ordinal);
        DataCheck left = Assert.Single(result.Checks!, static check => check.Name == "left-out");
        Assert.Contains("missing", left.Words, StringComparison.Ordinal);
        Assert.True(left.IsWarning);
    }

    private static SystemSpec Bound(string direction) =>
        Spec($"model: {{predict: {{kind: boosted_trees, directions: {{{direction}}}}}}}");

    private static ModelEvaluation Logistic(EvaluationResult result) => result.Models.Single(static model => model.Name == "logistic");

    private static SystemSpec Spec(params string[] more)
    {
        var file = SpecFile.Parse(
            "name: t\nobjective: {task: binary, label: {event: row, column: y}}\nsources: {row: {times: false, columns: {y: flag}}}\n" +
            (more.Any(static line => line.StartsWith("model", StringComparison.Ordinal)) ? "" : "model: {predict: logistic}\n") + "evaluation: {metrics: [roc_auc, log_loss], bootstrap_samples: 200}\n" + string.Join('\n', more),
            "tandem.yaml", Words);
        Assert.Empty(file.Faults);
        return file.Spec!;
    }

    /// <summary>A number that says much, one that says nothing, and a color that says a little.</summary>
    private static RowTable Noisy(int count)
    {
        SeededRandom random = new(5);
        float[] values = new float[count * 3];
        float[] labels = new float[count];
        string[] colors = new string[count];
        for (int row = 0; row < count; row++)
        {
            labels[row] = random.NextInt(2);
            values[row * 3] = (float)((2 * labels[row]) + (1.2 * random.NextGaussian()));
            values[(row * 3) + 1] = (float)random.NextGaussian();
            values[(row * 3) + 2] = (float)random.NextGaussian();
            colors[row] = random.NextDouble() < 0.4 + (0.2 * labels[row]) ? "red" : "blue";
        }

        return new RowTable
        {
            Numbers = ["x", "noise", "written_after"],
            Values = values,
            Texts = [TextColumn.Of("color", colors)],
            Target = RowTarget.Binary,
            Labels = labels,
        };
    }
}
