using System.Text.Json.Nodes;
using Tandem.Faults;

namespace Tandem.Spec.Tests;

/// <summary>Designs whose rows are examples.</summary>
public sealed class RowSpecTests
{
    private const string Bank = """
        name: bank
        objective:
          task: binary
          label: {event: call, when: y == "yes"}
        sources:
          call:
            times: false
            columns: {y: text, price: number, query: text}
            drop: {duration: known only after the call}
            import: {format: csv, files: {train: a.csv, test: b.csv}}
        model: {predict: logistic}
        """;

    [Fact]
    public void Parse_OfFifteenLines_FillsInSplitBaselineAndGate()
    {
        SystemSpec spec = Specs.Read(Bank);

        Assert.True(spec.IsTabular);
        Assert.Equal("random", spec.Training.Split.By);
        Assert.Equal(["constant"], spec.Evaluation.Baselines, StringComparer.Ordinal);
        Assert.Equal(("pr_auc", "constant"), (spec.Evaluation.Gate.Metric, spec.Evaluation.Gate.Beats));
        Assert.Equal("known only after the call", spec.Sources["call"].Dropped["duration"]);
        Assert.Empty(SpecSupport.Find(spec));
        Assert.Equal(Specs.Parse(Bank).Hash, SpecFile.Of(spec, TestVocabulary.Words).Hash);
    }

    [Theory]
    [InlineData("price", "", null)]
    [InlineData("called", "", null)]
    [InlineData("query", "", "SPC077")]
    [InlineData("duration", "", "SPC077")]
    [InlineData("y", "", "SPC077")]
    [InlineData("price", "evaluation: {baselines: [constant]}", "SPC077")]
    [InlineData("price", "evaluation: {metrics: [roc_auc]}", "SPC030")]
    [InlineData("price", "training: {imbalance: smote}", "SPC055")]
    public void Parse_OfATreatment_TakesAColumnOfItsOwn(string column, string more, string? code)
    {
        SpecFile file = Specs.Parse(Bank.Replace(
            "task: binary", $"task: uplift\n  treatment: {column}", StringComparison.Ordinal) + "\n" + more);

        if (code is not null)
        {
            Assert.Equal(code, Assert.Single(file.Faults).Code);
            return;
        }

        Assert.Empty(file.Faults);
        Assert.True(file.Spec!.IsTabular);
        Assert.Equal((column, "qini", "none"), (file.Spec.Objective.Treatment, file.Spec.Evaluation.Gate.Metric, file.Spec.Evaluation.Gate.Beats));
        Assert.Empty(file.Spec.Evaluation.Baselines);
    }

    [Fact]
    public void Parse_OfDirections_KeepsThem_InTheHashToo()
    {
        string bound = Bank.Replace(
            "predict: logistic", "predict: {kind: boosted_trees, directions: {price: falling, age: rising}}", StringComparison.Ordinal);

        SystemSpec spec = Specs.Read(bound);

        Assert.Equal(2, spec.Model.Predict!.Directions.Count);
        Assert.Equal("rising", spec.Model.Predict.Directions["age"]);
        Assert.Equal("falling", spec.Model.Predict.Directions["price"]);
        Assert.Equal(Specs.Parse(bound).Hash, SpecFile.Of(spec, TestVocabulary.Words).Hash);
        string other = bound.Replace("age: rising", "age: falling", StringComparison.Ordinal);
        Assert.NotEqual(Specs.Parse(bound).Hash, Specs.Parse(other).Hash, StringComparer.Ordinal);
    }

    [Fact]
    public void Parse_OfImportedModels_KeepsThem_AndRefusesThemWhereNoNumbersAreScored()
    {
        string design = Bank + "\nevaluation: {imported: {theirs: models/theirs.txt}}";

        Assert.Equal("models/theirs.txt", Specs.Read(design).Evaluation.Imported["theirs"]);
        Assert.Equal(
            "SPC078",
            Assert.Single(Specs.Parse(design.Replace("task: binary", "task: uplift\n  treatment: price", StringComparison.Ordinal)).Faults).Code);
    }

    [Fact]
    public void Parse_OfDirectionsOfClasses_IsACodedFault()
    {
        string classes = Bank.Replace("task: binary", "task: multiclass", StringComparison.Ordinal)
            .Replace("when: y == \"yes\"", "column: y", StringComparison.Ordinal)
            .Replace("predict: logistic", "predict: {kind: boosted_trees, directions: {price: falling}}", StringComparison.Ordinal);

        Assert.Equal("SPC075", Assert.Single(Specs.Parse(classes).Faults).Code);
    }

    [Theory]
    [InlineData("ranking", "{event: call, column: price, group: query}", "groups", "ndcg@1")]
    [InlineData("regression", "{event: call, column: price}", "random", "mae")]
    [InlineData("quantile", "{event: call, column: price}", "random", "pinball_loss")]
    [InlineData("multiclass", "{event: call, column: y}", "random", "log_loss")]
    [InlineData("multilabel", "{event: call, columns: [y, price]}", "random", "pr_auc")]
    public void Parse_OfOtherTasks_TakesTheirSplitAndMetrics(string task, string label, string split, string metric)
    {
        SystemSpec spec = Specs.Read(Bank
            .Replace("task: binary", $"task: {task}", StringComparison.Ordinal)
            .Replace("""{event: call, when: y == "yes"}""", label, StringComparison.Ordinal));

        Assert.True(spec.IsTabular);
        Assert.Equal(split, spec.Training.Split.By);
        Assert.Equal(metric, spec.Evaluation.Metrics[0]);
    }

    [Theory]
    [InlineData("objective.label", """{"event":"call"}""", "SPC070")]
    [InlineData("objective.label", """{"event":"call","when":"price > 1","column":"y"}""", "SPC070")]
    [InlineData("objective.label", """{"event":"call","columns":["y","price"]}""", "SPC070")]
    [InlineData("objective.label", """{"event":"call","column":"y","columns":["y"]}""", "SPC017")]
    [InlineData("objective.label", """{"event":"call","column":"duration"}""", "SPC070")]
    [InlineData("training.candidates", """["ials"]""", "SPC071")]
    [InlineData("evaluation.baselines", """["popular"]""", "SPC071")]
    [InlineData("evaluation.gate.beats", "\"ials\"", "SPC071")]
    [InlineData("training.split", "\"leave-last-out\"", "SPC072")]
    [InlineData("training.split", "\"groups\"", "SPC072")]
    [InlineData("training.split", """{"by":"random","share":0.2,"folds":5}""", "SPC017")]
    [InlineData("training.split", """{"by":"random","share":1.2}""", "SPC014")]
    [InlineData("model.retrieve", "\"ials\"", "SPC037")]
    [InlineData("objective.interval", "0.9", "SPC076")]
    [InlineData("evaluation.imported", """["theirs.txt"]""", "SPC012")]
    [InlineData("objective.treatment", "\"price\"", "SPC077")]
    [InlineData("model.predict", """{"kind":"logistic","directions":{"price":"rising"}}""", "SPC026")]
    [InlineData("model.predict", """{"kind":"boosted_trees","directions":{"price":"up"}}""", "SPC015")]
    [InlineData("model.predict", """{"kind":"boosted_trees","directions":{"query":"rising"}}""", "SPC075")]
    [InlineData("model.predict", """{"kind":"boosted_trees","directions":{"duration":"rising"}}""", "SPC075")]
    [InlineData("evaluation.metrics", """["rmse"]""", "SPC030")]
    public void Parse_OfWhatDoesNotFit_IsOneCodedFault(string path, string value, string code)
    {
        SpecFile file = Specs.Parse(Bank).With(path, JsonNode.Parse(value));

        Fault fault = Assert.Single(file.Faults);
        Assert.Equal(code, fault.Code);
    }

    [Theory]
    [InlineData("training.candidates", """["logistic"]""")]
    [InlineData("training.split", "\"random\"")]
    public void Parse_OfRowModelsAndSplitsWhereUsersChoose_IsRefused(string path, string value)
    {
        SpecFile file = Specs.Parse(Specs.Blank).With(path, JsonNode.Parse(value));

        Assert.Contains(Assert.Single(file.Faults).Code, ["SPC071", "SPC072"], StringComparer.Ordinal);
    }
}
