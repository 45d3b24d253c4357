using System.Text;
using Tandem.Faults;
using Tandem.Testing;

namespace Tandem.Spec.Tests;

public sealed class SpecFileTests
{
    [Fact]
    public void Parse_SmallestFile_FillsInDefaults()
    {
        SystemSpec spec = Specs.Read(Specs.Blank);

        Assert.Equal("my-feed", spec.Name);
        Assert.Equal(".tandem", spec.Store);
        Assert.Equal("ials", spec.Model.Retrieve.Kind);
        Assert.Equal(64, spec.Model.Retrieve.Parameters["factors"]);
        Assert.Equal(["user", "item"], spec.Entities.Keys, StringComparer.Ordinal);
        Assert.Equal(["user", "item"], spec.Sources["click"].Entities, StringComparer.Ordinal);
        Assert.Equal("click", spec.Objective.Label.Event);
        Assert.Equal("ndcg@20", spec.Evaluation.Gate.Metric);
    }

    [Fact]
    public void Parse_HumanForms_AreUnderstood()
    {
        SpecFile video = Specs.Parse(Specs.Video)
            .With("serving.rules", System.Text.Json.Nodes.JsonNode.Parse("[{\"max_per\":\"category\",\"limit\":4}]"));
        SystemSpec spec = Specs.Read(video.Text);

        ConditionSpec condition = Assert.Single(spec.Objective.Label.AnyOf);
        Assert.Equal(("watch_fraction", ">=", 0.5), (condition.Column, condition.Operator, (double)condition.Value));
        Assert.Equal(TimeSpan.FromMinutes(15), spec.Requirements.Freshness);
        ColumnSpec fraction = spec.Sources["play"].Columns["watch_fraction"];
        Assert.Equal(new ColumnSpec { Type = ColumnType.Number, IsRequired = true, Minimum = 0, Maximum = 1 }, fraction);
        Assert.Equal(ColumnType.Number, spec.Sources["play"].Columns["watch_seconds"].Type);
        Assert.Equal(["item"], spec.Sources["video"].Entities, StringComparer.Ordinal);
        Assert.Equal(
            [
                new AggregateSpec { Name = "plays_1d", Operator = "count", Window = TimeSpan.FromDays(1) },
                new AggregateSpec { Name = "plays_7d", Operator = "count", Window = TimeSpan.FromDays(7) },
                new AggregateSpec { Name = "watch_fraction_7d", Operator = "mean", Column = "watch_fraction", Window = TimeSpan.FromDays(7) },
                new AggregateSpec { Name = "last_items", Operator = "last_k", Column = "item", K = 50 },
            ],
            spec.Features["user_activity"].Aggregates);
        RuleSpec rule = Assert.Single(spec.Serving.Rules);
        Assert.Equal(("max_per", "category", 4), (rule.Kind, rule.Column, rule.Limit));
    }

    [Fact]
    public void Parse_RangesOfACandidate_AreRead_AndSaidAgain()
    {
        SpecFile file = Specs.Parse("""
            name: small
            objective: {task: retrieval, label: play}
            sources: {play: [user, item]}
            training:
              candidates: [{kind: ials, factors: [8, 16], regularisation: {from: 0.01, to: 1, scale: log}}]
            """);

        Assert.True(file.Spec is not null, string.Join("\n", file.Faults));
        ModelChoiceSpec candidate = Assert.Single(file.Spec.Training.Candidates);
        Assert.Equal([8, 16], candidate.Ranges["factors"].Values);
        ParameterRange range = candidate.Ranges["regularisation"];
        Assert.Equal((0.01, 1, true), (range.From, range.To, range.IsLogarithmic));
        Assert.Equal(0.1, range.At(0.5), 12);
        SpecFile again = Specs.Parse(SpecYaml.Write(file.Spec));
        Assert.Equal(file.Hash, again.Hash);
        SpecFile other = Specs.Parse(file.Text.Replace("[8, 16]", "[8, 17]", StringComparison.Ordinal));
        Assert.NotEqual(file.Hash, other.Hash, StringComparer.Ordinal);
    }

    [Fact]
    public void Parse_ClassifierTask_TakesItsOwnDefaults()
    {
        string text = Specs.Parse(Specs.Ads).Without("evaluation").Text;

        SystemSpec spec = Specs.Read(text);

        Assert.Equal(["pr_auc", "roc_auc", "log_loss", "brier", "ece"], spec.Evaluation.Metrics, StringComparer.Ordinal);
        Assert.Equal(("pr_auc", "none"), (spec.Evaluation.Gate.Metric, spec.Evaluation.Gate.Beats));
        Assert.Empty(spec.Evaluation.Baselines);
    }

    [Fact]
    public void Parse_WithByteOrderMarkAndCrLf_ReadsTheSame()
    {
        byte[] bytes = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Specs.Video.Replace("\n", "\r\n", StringComparison.Ordinal))];

        var file = SpecFile.Parse(bytes, "tandem.yaml", TestVocabulary.Words);

        Assert.Empty(file.Faults);
        Assert.Equal(Specs.Parse(Specs.Video).Hash, file.Hash);
        Assert.Equal(bytes, Encoding.UTF8.GetBytes(file.Text));
    }

    [Fact]
    public void Parse_TooLarge_IsRefusedUnread()
    {
        SpecFile file = Specs.Parse(new string('#', SpecFile.LargestBytes + 1));

        Assert.Equal("SPC002", Assert.Single(file.Faults).Code);
    }

    [Fact]
    public void Parse_InvalidUtf8_SaysWhichByte()
    {
        var file = SpecFile.Parse("name: \u00e9"u8.ToArray().AsMemory(0, 7), "tandem.yaml", TestVocabulary.Words);

        Fault fault = Assert.Single(file.Faults);
        Assert.Equal("SPC003", fault.Code);
        Assert.Contains("Byte 6 ", fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MissingFile_SaysSo()
    {
        using TestFolder folder = new();

        TandemException thrown = Assert.Throws<TandemException>(() => SpecFile.Load(folder["none.yaml"], TestVocabulary.Words));

        Assert.Equal(("SPC001", FaultKind.NotFound), (thrown.Fault.Code, thrown.Fault.Kind));
    }

    [Fact]
    public void Load_FileWithFaults_ThrowsAllOfThem()
    {
        using TestFolder folder = new();
        File.WriteAllText(folder["tandem.yaml"], "name: A\nx: 1\n");

        TandemException thrown = Assert.Throws<TandemException>(() => SpecFile.Load(folder["tandem.yaml"], TestVocabulary.Words));

        Assert.Equal(4, thrown.Faults.Count);
        Assert.StartsWith("tandem.yaml:1:", thrown.Fault.Place, StringComparison.Ordinal);
    }
}
