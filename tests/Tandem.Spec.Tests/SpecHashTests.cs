using System.Text.Json.Nodes;
using Tandem.Testing;

namespace Tandem.Spec.Tests;

public sealed class SpecHashTests
{
    private const string Written = """
        name: my-feed
        objective: {task: retrieval, label: click, goal: Clicks.}
        sources:
          click: [user, item]
          item: {kind: table, entities: item, columns: {category: text}}
        features:
          a: {entity: user, source: click, aggregates: {n: count over 1d, k: last_k item 20}}
        requirements: {floors: {ndcg@10: 0.1}}
        """;

    private const string Spelled = """
        # The same, said otherwise.
        requirements:
          floors:
            "ndcg@10": 1e-1
        features:
          a:
            aggregates:
              k: {column: item, operator: last_k}
              n: {operator: count, window: 24h}
            source: 'click'
            entity: user
        sources:
          item:
            kind: table
            entities: [item]
            columns:
              category: {type: text, required: false}
          click:
            kind: events
            times: true
            entities:
              - user
              - item
        entities:
          item: {table: item}
          user: {}
        store: .tandem
        model:
          retrieve: {kind: ials, factors: 64}
        training:
          seed: 42
          split: {by: leave-last-out, test: 1440m, gap: 0}
        serving: {slots: 10}
        monitoring:
        evaluation:
          gate: {metric: ndcg@20}
        objective:
          goal: "Clicks."
          label: {event: click, window: 60m}
          costs: {false_positive: 1.0}
          task: retrieval
        name: my-feed
        """;

    [Fact]
    public void Hash_OfTheSameMeaning_IsTheSame()
    {
        SpecFile one = Specs.Parse(Written);
        SpecFile two = Specs.Parse(Spelled);

        Assert.Empty(one.Faults);
        Assert.Empty(two.Faults);
        Assert.Equal(one.Hash, two.Hash);
        Assert.Matches("^sha256:[0-9a-f]{64}$", one.Hash);
    }

    [Fact]
    public void Hash_OfAKnownFile_NeverChanges()
    {
        // Written into the lineage of every model: a change here orphans them.
        string known = File.ReadAllText(Path.Combine(SharedData.Root, "tests/Tandem.Spec.Tests/Golden/known.yaml"));

        Golden.Check(
            "tests/Tandem.Spec.Tests/Golden/hashes.txt",
            Specs.Parse(Written).Hash + "\n" + Specs.Parse(known).Hash + "\n");
    }

    [Theory]
    [InlineData("name", "\"other\"")]
    [InlineData("store", "\"elsewhere\"")]
    [InlineData("objective.goal", "\"Other.\"")]
    [InlineData("objective.label.window", "\"2h\"")]
    [InlineData("objective.label.any_of", "[\"watch_fraction > 0.5\"]")]
    [InlineData("objective.costs.false_negative", "2")]
    [InlineData("requirements.p99_ms", "181")]
    [InlineData("requirements.floors.mrr", "0.01")]
    [InlineData("entities", "{\"user\":{},\"item\":{\"description\":\"x\"}}")]
    [InlineData("sources.skip.columns.x", "\"text\"")]
    [InlineData("sources.play.columns.watch_fraction.max", "2")]
    [InlineData("sources.skip.entities", "[\"item\",\"user\"]")]
    [InlineData("sources.play.import", "{\"format\":\"csv\",\"files\":\"a.csv\"}")]
    [InlineData("features.user_activity.aggregates.plays_1d", "\"count over 2d\"")]
    [InlineData("features.user_activity.aggregates.last_items", "\"last_k item 51\"")]
    [InlineData("features.user_activity.where", "\"watch_fraction > 0\"")]
    [InlineData("features.user_activity.ttl", "\"30d\"")]
    [InlineData("model.retrieve", "{\"kind\":\"ials\",\"factors\":65}")]
    [InlineData("model.rank", "{\"kind\":\"logistic\",\"regularisation\":0.01}")]
    [InlineData("training.seed", "43")]
    [InlineData("training.candidates", "[\"co_occurrence\",\"item_item\",\"popular_windowed\"]")]
    [InlineData("training.split.gap", "\"1h\"")]
    [InlineData("evaluation.bootstrap_samples", "10")]
    [InlineData("evaluation.gate.minimum_gain", "0.01")]
    [InlineData("serving.exclude_seen", "false")]
    [InlineData("serving.rules", "[{\"max_per\":\"category\",\"limit\":5}]")]
    [InlineData("serving.rules", "[{\"exclude\":\"category == news\"}]")]
    [InlineData("monitoring.alerts", "[\"https://example.org/hook\"]")]
    [InlineData("monitoring.concept.delta", "0.01")]
    public void Hash_OfAnotherMeaning_IsAnother(string path, string value)
    {
        SpecFile file = Specs.Parse(Specs.Video);

        SpecFile edited = file.With(path, JsonNode.Parse(value));

        Assert.Empty(edited.Faults);
        Assert.NotEqual(file.Hash, edited.Hash, StringComparer.Ordinal);
    }

    [Fact]
    public void Hash_OfAFileWithFaults_IsTheCallersMistake()
    {
        Assert.Throws<InvalidOperationException>(static () => Specs.Parse("a: 1").Hash);
    }
}
