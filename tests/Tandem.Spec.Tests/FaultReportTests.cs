using Tandem.Faults;
using Tandem.Testing;

namespace Tandem.Spec.Tests;

public sealed class FaultReportTests
{
    private const string Folder = "tests/Tandem.Spec.Tests/Golden";

    [Fact]
    public void Parse_FileWithManyFaults_ReportsAllAtOnce()
    {
        string text = File.ReadAllText(Path.Combine(SharedData.Root, Folder, "faulty.yaml"));

        var file = SpecFile.Parse(text, "faulty.yaml", TestVocabulary.Words);

        Assert.Null(file.Spec);
        Golden.Check(Folder + "/faulty.txt", string.Concat(file.Faults.Select(static fault => fault + "\n")));
    }

    [Theory]
    // One value
    [InlineData("serving.slots: {}", "SPC012", "serving.slots")]
    [InlineData("serving.slots: 1.5", "SPC012", "serving.slots")]
    [InlineData("serving.slots: '5'", "SPC012", "serving.slots")]
    [InlineData("serving.slots: 1001", "SPC014", "serving.slots")]
    [InlineData("serving.slots: 99999999999999999999", "SPC014", "serving.slots")]
    [InlineData("serving.slots: ~", "SPC012", "serving.slots")]
    [InlineData("serving.exploration: 1.5", "SPC014", "serving.exploration")]
    [InlineData("serving.exploration: NaN", "SPC012", "serving.exploration")]
    [InlineData("serving.exploration: .inf", "SPC012", "serving.exploration")]
    [InlineData("serving.exclude_seen: yes", "SPC012", "serving.exclude_seen")]
    [InlineData("monitoring.drift.alpha: 1", "SPC014", "monitoring.drift.alpha")]
    [InlineData("monitoring.freshness: 10", "SPC016", "monitoring.freshness")]
    [InlineData("monitoring.freshness: 3h15", "SPC016", "monitoring.freshness")]
    [InlineData("monitoring.freshness: 9999d", "SPC014", "monitoring.freshness")]
    [InlineData("monitoring.freshness: 99999999999999999999d", "SPC016", "monitoring.freshness")]
    [InlineData("monitoring.alerts: [mail]", "SPC016", "monitoring.alerts")]
    [InlineData("monitoring.alerts: []", "SPC014", "monitoring.alerts")]
    [InlineData("training.seed: -1", "SPC014", "training.seed")]
    [InlineData("store: ftp://somewhere", "SPC016", "store")]
    [InlineData("journal: kafka", "SPC016", "journal")]
    [InlineData("name: Home Feed", "SPC016", "name")]
    [InlineData("sources.play.import: {format: csv, files: ../secret}", "SPC016", "files")]
    [InlineData("sources.play.import: {format: csv, files: /etc/passwd}", "SPC016", "files")]
    [InlineData("sources.play.import: {format: csv, files: {test: b}}", "SPC029", "files")]
    [InlineData("sources.play.import: {format: csv, files: {all: a, train: b}}", "SPC029", "files")]
    [InlineData("sources.play.columns.x: {type: text, min: 1}", "SPC028", "columns.x")]
    [InlineData("sources.play.columns.x: {type: number, min: 2, max: 1}", "SPC028", "columns.x")]
    [InlineData("sources.play.columns.x: {min: 2}", "SPC013", "columns.x")]
    // Texts with a form of their own
    [InlineData("features.user_activity.aggregates.x: counts over 7d", "SPC023", "counts")]
    [InlineData("features.user_activity.aggregates.x: mean over 7d", "SPC013", "mean")]
    [InlineData("features.user_activity.aggregates.x: count watch_fraction over 7d", "SPC017", "count")]
    [InlineData("features.user_activity.aggregates.x: count 3 over 7d", "SPC017", "count")]
    [InlineData("features.user_activity.aggregates.x: last_k item 2000", "SPC014", "last_k")]
    [InlineData("features.user_activity.aggregates.x: count over 7 days", "SPC016", "count over 7 days")]
    [InlineData("features.user_activity.aggregates.x: {operator: last_k, column: item, k: 0}", "SPC014", "k")]
    [InlineData("features.user_activity.aggregates.X: count", "SPC016", "X")]
    [InlineData("objective.label.any_of: [watch_fraction]", "SPC016", "watch_fraction")]
    [InlineData("objective.label.when: watch_fraction > 0", "SPC017", "any_of")]
    [InlineData("serving.rules: [{limit: 2}]", "SPC013", "max_per")]
    [InlineData("serving.rules: [{exclude: category == news, limit: 2}]", "SPC017", "limit")]
    // References
    [InlineData("objective.label.event: plays", "SPC020", "plays")]
    [InlineData("objective.label.impression: impresion", "SPC020", "impresion")]
    [InlineData("features.user_activity.source: plays", "SPC020", "plays")]
    [InlineData("features.user_activity.entity: usr", "SPC021", "usr")]
    [InlineData("sources.like: [user, itm]", "SPC021", "itm")]
    [InlineData("features.user_activity.where: fraction > 1", "SPC022", "fraction")]
    [InlineData("features.user_activity.aggregates.x: mean fraction", "SPC022", "fraction")]
    [InlineData("serving.rules: [{max_per: categry}]", "SPC022", "categry")]
    [InlineData("sources.play.import: {format: csv, files: a, columns: {usr: u}}", "SPC022", "usr")]
    [InlineData("model.retrieve: als", "SPC024", "als")]
    [InlineData("evaluation.baselines: [populr]", "SPC024", "populr")]
    [InlineData("serving.fallback: populr", "SPC024", "populr")]
    [InlineData("training.imbalance: smoat", "SPC024", "smoat")]
    [InlineData("training.imbalance: {kind: smote, neighbors: 3}", "SPC026", "neighbors")]
    [InlineData("training.imbalance: {kind: smote, rate: 1}", "SPC014", "rate")]
    [InlineData("training.imbalance: {neighbours: 3}", "SPC013", "kind")]
    [InlineData("training.calibration: plat", "SPC015", "plat")]
    [InlineData("training.calibration: platt", "SPC074", "platt")]
    [InlineData("objective.decision: cost", "SPC073", "decision")]
    [InlineData("evaluation.metrics: [recal@20]", "SPC025", "recal@20")]
    [InlineData("evaluation.metrics: [recall@0]", "SPC025", "recall@0")]
    [InlineData("evaluation.metrics: [mrr@10]", "SPC025", "mrr@10")]
    [InlineData("requirements.floors: {ndgc@10: 0.1}", "SPC025", "ndgc@10")]
    [InlineData("model.retrieve: {kind: ials, factor: 8}", "SPC026", "factor")]
    [InlineData("model.retrieve: {kind: ials, factors: 0}", "SPC014", "factors")]
    [InlineData("model.retrieve: {kind: ials, factors: 1.5}", "SPC012", "factors")]
    [InlineData("model.retrieve: {factors: 8}", "SPC013", "kind")]
    [InlineData("model.retrieve: {kind: ials, factors: [8, 16]}", "SPC012", "factors")]
    [InlineData("training.candidates: [{kind: ials, factors: [8]}]", "SPC014", "factors")]
    [InlineData("training.candidates: [{kind: ials, factors: [8, 0]}]", "SPC014", "factors")]
    [InlineData("training.candidates: [{kind: ials, factors: {from: 8}}]", "SPC013", "to")]
    [InlineData("training.candidates: [{kind: ials, factors: {from: 8, to: 8}}]", "SPC043", "factors")]
    [InlineData("training.candidates: [{kind: ials, factors: {from: 8, to: 9, scale: cube}}]", "SPC015", "cube")]
    [InlineData("training.search: {metric: recal@20}", "SPC025", "recal@20")]
    [InlineData("training.search: {trials: 1}", "SPC014", "trials")]
    [InlineData("evaluation.slices: [new_usrs]", "SPC027", "new_usrs")]
    [InlineData("monitoring.drift.features: [user_activity:plays_2d]", "SPC048", "plays_2d")]
    [InlineData("monitoring.drift.features: [user_activity:last_items]", "SPC048", "last_items")]
    // Names
    [InlineData("training.candidates: [popular, popular]", "SPC018", "popular")]
    [InlineData("sources.play.columns.position: whole", "SPC019", "position")]
    [InlineData("sources.play.columns.item: text", "SPC019", "item")]
    [InlineData("entities: {user: {}, item: {}, global: {}}", "SPC019", "global")]
    // Contradictions
    [InlineData("evaluation.metrics: [shown_auc, pr_auc]", "SPC030", "pr_auc")]
    [InlineData("requirements.floors: {rmse: 1}", "SPC030", "rmse")]
    [InlineData("objective.label.any_of: [watch_fraction == high]", "SPC034", "watch_fraction")]
    [InlineData("serving.rules: [{exclude: category > a}]", "SPC034", "category")]
    [InlineData("serving.rules: [{exclude: category == 5}]", "SPC034", "category")]
    [InlineData("serving.rules: [{exclude: published > 5}]", "SPC034", "published")]
    [InlineData("objective.label.event: video", "SPC035", "video")]
    [InlineData("sources.video.entities: [user, item]", "SPC035", "video")]
    [InlineData("features.item_exposure.source: viewer", "SPC035", "item")]
    [InlineData("entities: {user: {table: play}, item: {}}", "SPC035", "play")]
    [InlineData("features.user_activity.aggregates.x: last_k watch_fraction 3", "SPC036", "last_k")]
    [InlineData("features.item_activity.aggregates.x: mean item", "SPC036", "mean")]
    [InlineData("model.predict: logistic", "SPC037", "predict")]
    [InlineData("model.retrieve: logistic", "SPC024", "logistic")]
    [InlineData("model.rank: ials", "SPC024", "ials")]
    [InlineData("encoders: {item_activity:plays_7d: squash}", "SPC015", "squash")]
    [InlineData("encoders: {item_activity:plays_7d: {bins: 5}}", "SPC013", "kind")]
    [InlineData("encoders: {item_activity:plays_7d: {kind: bins, bins: 1}}", "SPC014", "1")]
    [InlineData("encoders: {item_activity:plays_7d: {kind: bins, clip: 0.1}}", "SPC017", "clip")]
    [InlineData("encoders: {item_info:title: embedding}", "SPC013", "model")]
    [InlineData("encoders: {item_info:title: {kind: embedding, model: a.onnx}}", "SPC013", "vocabulary")]
    [InlineData("encoders: {item_info:title: {kind: embedding, model: ../a.onnx, vocabulary: v.txt}}", "SPC016", "../a.onnx")]
    [InlineData("encoders: {item_info:title: {kind: embedding, model: a, vocabulary: v, buckets: 9}}", "SPC017", "buckets")]
    [InlineData("encoders: {item_info:title: image}", "SPC013", "folder")]
    [InlineData("encoders: {item_info:title: {kind: image, folder: /posters}}", "SPC016", "/posters")]
    [InlineData("encoders: {item_info:title: {kind: image, folder: posters, vocabulary: v}}", "SPC017", "vocabulary")]
    [InlineData("encoders: {item_info:title: {kind: embedding, model: a, vocabulary: v, folder: f}}", "SPC017", "folder")]
    [InlineData("serving.candidate_count: 5", "SPC038", "5")]
    [InlineData("training.window: 3h", "SPC038", "3h")]
    [InlineData("evaluation.gate.metric: hr@5", "SPC039", "hr@5")]
    public void Parse_OneFault_IsReportedAloneWithItsCode(string edit, string code, string said)
    {
        int colon = edit.IndexOf(": ", StringComparison.Ordinal);
        SpecFile file = Specs.Parse(ReplaceRaw(edit[..colon], edit[(colon + 2)..]));

        Fault fault = Assert.Single(file.Faults);

        Assert.Equal(code, fault.Code);
        Assert.Contains(said, fault.What + fault.Remedy + fault.Expected, StringComparison.Ordinal);
        Assert.Matches(@"^tandem\.yaml:\d+:\d+$", fault.Place);
    }

    [Theory]
    [InlineData("evaluation.gate.metric", "accuracy", "SPC031")]
    [InlineData("evaluation.metrics", "[ndcg@10]", "SPC030")]
    [InlineData("model.retrieve", "ials", "SPC037")]
    [InlineData("objective.label.impression", "ad_catalogue", "SPC035")]
    [InlineData("objective.decision", "{threshold: 2}", "SPC014")]
    [InlineData("objective.decision", "{by: cost, threshold: 0.3}", "SPC017")]
    [InlineData("objective.decision", "{threshold: 0.3, daily_capacity: 500}", "SPC017")]
    [InlineData("objective.decision", "{abstain: [0.4]}", "SPC014")]
    public void Parse_ContradictionInClassifier_IsRefused(string path, string value, string code)
    {
        SpecFile file = Specs.Parse(ReplaceRaw(path, value, Specs.Ads));

        Assert.Contains(file.Faults, fault => fault.Code == code);
    }

    [Fact]
    public void Parse_DecisionOfAClassifier_IsRead()
    {
        DecisionSpec capacity = Specs.Parse(ReplaceRaw(
            "objective.decision", "{daily_capacity: 500, abstain: [0.6, 0.4]}", Specs.Ads)).Spec!.Objective.Decision!;
        DecisionSpec observed = Specs.Parse(ReplaceRaw(
            "objective.decision", "observed_cost", Specs.Ads)).Spec!.Objective.Decision!;

        Assert.Equal(500, capacity.DailyCapacity);
        Assert.Equal([0.4, 0.6], capacity.Abstain);
        Assert.Null(capacity.Threshold);
        Assert.Equal(DecisionSpec.ObservedCost, observed.By);
    }

    [Theory]
    [InlineData("training.split", "leave-last-out", "leave-last-out")]
    [InlineData("objective.label", "{event: play}", "impressions")]
    public void Parse_RankWithoutWhatItLearnsFrom_IsRefused(string path, string value, string said)
    {
        string text = ReplaceRaw("model.rank", "logistic", Specs.Video)
            .Replace("shown_auc", "mrr", StringComparison.Ordinal);

        SpecFile file = Specs.Parse(ReplaceRaw(path, value, text));

        Fault fault = Assert.Single(file.Faults);
        Assert.Equal("SPC042", fault.Code);
        Assert.Contains(said, fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_EncodersAndRank_AreReadWithTheirDefaults()
    {
        string text = ReplaceRaw("model.rank", "{kind: logistic, regularisation: 0.01}", Specs.Video);

        SystemSpec spec = Specs.Read(ReplaceRaw(
            "encoders",
            "{user_activity:plays_7d: {kind: standardise, log: false}, item_activity:plays_7d: {kind: bins, bins: 5}, " +
            "user_activity:last_items: hashing}",
            text));

        Assert.Equal(0.01, spec.Model.Rank!.Parameters["regularisation"]);
        Assert.Equal(new EncoderSpec { Kind = "standardise", Log = false }, spec.Encoders["user_activity:plays_7d"]);
        Assert.Equal(new EncoderSpec { Kind = "bins", Bins = 5 }, spec.Encoders["item_activity:plays_7d"]);
        Assert.Equal(new EncoderSpec { Kind = "hashing" }, spec.Encoders["user_activity:last_items"]);
    }

    [Theory]
    [InlineData("training.window", "7d")]
    [InlineData("training.split", "time")]
    [InlineData("model.retrieve", "popular_windowed")]
    [InlineData("objective.label", "{event: click, impression: click}")]
    [InlineData("features", "{f: {entity: user, source: click, aggregates: {x: count over 1d}}}")]
    [InlineData("features", "{f: {entity: user, source: click, ttl: 1d, aggregates: {x: count}}}")]
    public void Parse_WindowWithoutTimes_IsRefused(string path, string value)
    {
        string text = ReplaceRaw("sources.click", "{entities: [user, item], times: false}", Specs.Blank);

        SpecFile file = Specs.Parse(ReplaceRaw(path, value, text));

        Assert.Equal("SPC032", Assert.Single(file.Faults).Code);
    }

    [Theory]
    [InlineData("training.split", "files", "SPC033")]
    [InlineData("sources.click.import", "{format: adjacency, files: a}", "SPC035")]
    public void Parse_ImportThatDoesNotFit_IsRefused(string path, string value, string code)
    {
        string text = ReplaceRaw("sources.click", "{entities: [user, item]}", Specs.Blank);

        SpecFile file = Specs.Parse(ReplaceRaw(path, value, text));

        Assert.Equal(code, Assert.Single(file.Faults).Code);
    }

    [Theory]
    [InlineData("", "SPC007", "1:1")]
    [InlineData("# only a comment\n", "SPC007", "1:1")]
    [InlineData("- a\n- b\n", "SPC012", "1:1")]
    [InlineData("a: [1\n", "SPC004", "2:1")]
    [InlineData("a: b: c\n", "SPC004", "1:5")]
    [InlineData("a:\n\t- b\n", "SPC004", "2:1")]
    [InlineData("name: &x y\n", "SPC005", "1:7")]
    [InlineData("name: *x\n", "SPC005", "1:7")]
    [InlineData("name: !!str y\n", "SPC005", "1:7")]
    [InlineData("name: !thing y\n", "SPC005", "1:7")]
    [InlineData("{a: 1}: 2\n", "SPC005", "1:1")]
    [InlineData("a: 1\n---\nb: 2\n", "SPC005", "2:1")]
    [InlineData("[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]", "SPC006", "1:17")]
    [InlineData("a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", "SPC005", "1:4")]
    public void Parse_TextThatIsNoDesign_SaysWhere(string text, string code, string place)
    {
        SpecFile file = Specs.Parse(text);

        Fault fault = Assert.Single(file.Faults);
        Assert.Equal((code, "tandem.yaml:" + place), (fault.Code, fault.Place));
    }

    [Fact]
    public void Parse_MissingSections_NamesEach()
    {
        SpecFile file = Specs.Parse("store: x\n");

        Assert.Equal(["SPC013", "SPC013", "SPC013"], file.Faults.Select(static fault => fault.Code), StringComparer.Ordinal);
        Assert.Contains("'name'", file.Faults[0].What, StringComparison.Ordinal);
        Assert.Contains("'objective'", file.Faults[1].What, StringComparison.Ordinal);
        Assert.Contains("'sources'", file.Faults[2].What, StringComparison.Ordinal);
    }

    /// <summary>Sets a path of the video template to a value written as YAML.</summary>
    private static string ReplaceRaw(string path, string value, string? text = null)
    {
        const string Marker = "raw-value-marker";
        return Specs.Parse(text ?? Specs.Video).With(path, Marker).Text.Replace(Marker, value, StringComparison.Ordinal);
    }
}
