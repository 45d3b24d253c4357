using Tandem.Faults;
using Tandem.Features;
using Tandem.Learning;
using Tandem.Learning.Imbalance;
using Tandem.Numerics;
using Tandem.Spec;
using Tandem.Testing;
using Tandem.Training.Tables;

namespace Tandem.Training.Tests.Tables;

/// <summary>A model of LightGBM's with one split, x ≤ 1, judged on a table whose columns stand in another order.</summary>
public sealed class ImportedModelTests : IDisposable
{
    private const string Model = """
        tree
        version=v4
        num_class=1
        num_tree_per_iteration=1
        label_index=0
        max_feature_idx=1
        objective=binary sigmoid:1
        feature_names=noise_of_it x
        feature_infos=[-1:1] [-1:1]

        Tree=0
        num_leaves=2
        num_cat=0
        split_feature=1
        split_gain=5
        threshold=1
        decision_type=10
        left_child=-1
        right_child=-2
        leaf_value=-1 1
        leaf_weight=1 1
        leaf_count=10 10
        internal_value=0
        is_linear=0
        shrinkage=1


        end of trees

        """;

    private static readonly SpecVocabulary Words = new()
    {
        Models = [.. ModelCatalogue.Default.RowKinds.Select(static kind => new KnownModel(kind.Name, "", [], ReadsFeatures: true))],
        Operators = [],
        Metrics =
        [
            .. RowEvaluation.Metrics.Select(static metric => new KnownMetric(
                metric.Name, "", metric.TakesCutoff, MetricFamily.Classification)),
        ],
    };

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RunAsync_WithAModelOfOthers_JudgesItBesideTheDesigns_ByItsNames()
    {
        RowTable table = Table();

        EvaluationResult result = await RunAsync(table, Model, explained: 600);

        Assert.Equal(["constant", "logistic", "theirs"], result.Models.Select(static model => model.Name), StringComparer.Ordinal);
        Assert.Equal(Area(table), result.Models[2].Metrics["roc_auc"], 9);
        DataCheck unknown = Assert.Single(result.Checks!, static check => check.Name == "imported");
        Assert.True(unknown.IsWarning);
    }

    [Fact]
    public async Task RunAsync_WithTheModelOfOthersAlone_ExplainsByIt()
    {
        RowTable table = Table();

        EvaluationResult result = await RunAsync(table, Model, explained: 600, isAlone: true);

        Explanation why = result.Explained!.Scores["log_odds"];
        Assert.Equal("theirs", result.Explained.Model);
        Assert.Equal(table.Values[(599 * 2) + 0] > 1 ? 1 : -1, why.Margin, 6);
        Assert.Equal("x", Assert.Single(why.Contributions).Feature);
        Assert.Equal("x", result.Models[1].Importance![0].Name);
    }

    [Theory]
    [InlineData("noise_of_it x", "color x", "TRN020")]
    [InlineData("noise_of_it x", "x", "TRN020")]
    [InlineData("feature_names", "names", "TRN020")]
    [InlineData("binary sigmoid:1", "regression", "TRN021")]
    [InlineData("is_linear=0", "is_linear=1", "LRN046")]
    [InlineData("max_feature_idx", "features", "LRN045")]
    public async Task RunAsync_WithAModelThatDoesNotFit_IsACodedFault(string text, string other, string code)
    {
        TandemException wrong = await Assert.ThrowsAsync<TandemException>(
            () => RunAsync(Table(), Model.Replace(text, other, StringComparison.Ordinal)));

        Assert.Equal(code, wrong.Fault.Code);
    }

    [Fact]
    public async Task RunAsync_WithAFileThatIsNotThere_OrIsNoJson_IsACodedFault()
    {
        Assert.Equal("TRN019", (await Assert.ThrowsAsync<TandemException>(() => RunAsync(Table(), null))).Fault.Code);
        Assert.Equal(
            "LRN045", (await Assert.ThrowsAsync<TandemException>(() => RunAsync(Table(), Model, file: "theirs.json"))).Fault.Code);
    }

    private Task<EvaluationResult> RunAsync(
        RowTable table, string? model, int? explained = null, bool isAlone = false, string file = "theirs.txt")
    {
        if (model is not null)
        {
            File.WriteAllText(Path.Combine(_folder.Path, file), model);
        }

        var spec = SpecFile.Parse(
            "name: t\nobjective: {task: binary, label: {event: row, column: y}}\nsources: {row: {times: false, columns: {y: flag}}}\n" +
            (isAlone ? "" : "model: {predict: logistic}\n") + "training: {split: {by: time, share: 0.25}}\n" +
            $"evaluation: {{metrics: [roc_auc], bootstrap_samples: 0, imported: {{theirs: {file}}}}}\n",
            "tandem.yaml", Words);
        Assert.Empty(spec.Faults);
        return TableEvaluation.RunAsync(
            table, spec.Spec!, ModelCatalogue.Default,
            new TableEvaluationOptions { Imbalance = [ImbalanceChoice.None], Folder = _folder.Path, ExplainedRow = explained });
    }

    /// <summary>Of a step: (1 + the share of positives above it − that of negatives) / 2, on the last quarter.</summary>
    private static double Area(RowTable table)
    {
        int[] rows = [.. Enumerable.Range(450, 150)];
        return (1 + Share(1) - Share(0)) / 2;

        double Share(float label) => rows.Where(row => table.Labels[row] == label).Average(row => table.Values[row * 2] > 1 ? 1.0 : 0);
    }

    private static RowTable Table()
    {
        SeededRandom random = new(5);
        float[] values = new float[1200];
        float[] labels = new float[600];
        for (int row = 0; row < labels.Length; row++)
        {
            labels[row] = random.NextInt(2);
            values[row * 2] = (float)((2 * labels[row]) + random.NextGaussian());
            values[(row * 2) + 1] = (float)random.NextGaussian();
        }

        return new RowTable
        {
            Numbers = ["x", "noise of it"],
            Values = values,
            Texts = [TextColumn.Of("color", [.. labels.Select(static (_, row) => row % 2 == 0 ? "red" : "blue")])],
            Target = RowTarget.Binary,
            Labels = labels,
        };
    }
}
