using System.Text;
using System.Text.Json;
using Tandem.Faults;
using Tandem.Learning.Trees;
using Tandem.Testing;

namespace Tandem.Learning.Tests.Trees;

/// <summary>Models that others saved. The fixture was written by XGBoost 1.7.4 on made-up rows, with what it predicts for
/// six of them.</summary>
public sealed class TreeFileTests
{
    private const string LightGbm = """
        tree
        version=v4
        num_class=1
        num_tree_per_iteration=1
        label_index=0
        max_feature_idx=2
        objective=binary sigmoid:2
        feature_names=a b c
        feature_infos=[-1:1] [-1:1] 0:1:2:33
        tree_sizes=300 100

        Tree=0
        num_leaves=4
        num_cat=1
        split_feature=0 2 1
        split_gain=5 3 1
        threshold=0.10000000000000001 0 -1.5
        decision_type=10 1 8
        left_child=1 -1 -2
        right_child=2 -3 -4
        leaf_value=0.5 -0.25 1 2
        leaf_weight=1 2 3 4
        leaf_count=10 20 30 40
        internal_value=0 0 0
        cat_boundaries=0 2
        cat_threshold=4 2
        is_linear=0
        shrinkage=0.1


        Tree=1
        num_leaves=1
        num_cat=0
        split_feature=
        threshold=
        decision_type=
        left_child=
        right_child=
        leaf_value=0.125
        shrinkage=1


        end of trees

        feature_importances:
        a=1

        parameters:
        [boosting: gbdt]
        end of parameters

        """;

    public static TheoryData<string, RowTargetKind> Objectives => new()
    {
        { "binary:logistic", RowTargetKind.Binary },
        { "reg:squarederror", RowTargetKind.Number },
        { "multi:softprob", RowTargetKind.Multiclass },
        { "count:poisson", RowTargetKind.Count },
        { "rank:ndcg", RowTargetKind.Order },
    };

    [Theory]
    [MemberData(nameof(Objectives))]
    public void ReadXgBoost_ScoresAsXgBoostDoes(string objective, RowTargetKind kind)
    {
        using var fixture = JsonDocument.Parse(Fixture());
        JsonElement saved = fixture.RootElement.GetProperty(objective);
        float[] rows =
        [
            .. fixture.RootElement.GetProperty("rows").EnumerateArray().SelectMany(static row => row.EnumerateArray())
                .Select(static value => value.ValueKind == JsonValueKind.Null ? float.NaN : value.GetSingle()),
        ];

        BoostedTreesModel model = BoostedTrees.ReadXgBoost(
            new MemoryStream(Encoding.UTF8.GetBytes(saved.GetProperty("model").GetRawText())));

        Assert.Equal(kind, model.Target.Kind);
        float[] scores = Score(model, rows, 6);
        float[] expected = [.. saved.GetProperty("margins").EnumerateArray().Select(static each => each.GetSingle())];
        Assert.All(expected.Zip(scores), static pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        IRowScorer loaded = ModelCatalogue.Default.FindRows("boosted_trees").Load(
            new MemoryStream(SmallWorld.Save(model)));
        Assert.Equal(scores, Score(loaded, rows, 6));
    }

    [Fact]
    public void ReadXgBoost_OfAModelThatNamesItsColumns_KeepsTheNames()
    {
        using var fixture = JsonDocument.Parse(Fixture());
        string model = fixture.RootElement.GetProperty("binary:logistic").GetProperty("model").GetRawText();
        string named = model.Replace("\"feature_names\":[]", "\"feature_names\":[\"age\",\"job code\"]", StringComparison.Ordinal);

        Assert.Empty(BoostedTrees.ReadXgBoost(new MemoryStream(Encoding.UTF8.GetBytes(model))).FeatureNames);
        Assert.Equal(
            ["age", "job code"], BoostedTrees.ReadXgBoost(new MemoryStream(Encoding.UTF8.GetBytes(named))).FeatureNames);
    }

    [Theory]
    [InlineData("\"gbtree\"", "\"dart\"", "LRN046")]
    [InlineData("binary:logistic", "binary:hinge", "LRN046")]
    [InlineData("\"split_type\":[0", "\"split_type\":[1", "LRN046")]
    [InlineData("\"left_children\":[1", "\"left_children\":[99", "LRN045")]
    [InlineData("\"left_children\":[1", "\"left_children\":[0", "LRN045")]
    [InlineData("\"split_indices\":[0", "\"split_indices\":[9", "LRN045")]
    [InlineData("\"base_score\":\"3E-1\"", "\"base_score\":\"x\"", "LRN045")]
    [InlineData("\"learner\"", "\"pupil\"", "LRN045")]
    public void ReadXgBoost_OfWhatIsNotRead_IsACodedFault(string text, string other, string code)
    {
        using var fixture = JsonDocument.Parse(Fixture());
        string model = fixture.RootElement.GetProperty("binary:logistic").GetProperty("model").GetRawText();
        string changed = model.Replace(text, other, StringComparison.Ordinal);

        Assert.NotEqual(model, changed, StringComparer.Ordinal);
        Assert.Equal(code, Assert.Throws<TandemException>(() => BoostedTrees.ReadXgBoost(
            new MemoryStream(Encoding.UTF8.GetBytes(changed)))).Fault.Code);
    }

    /// <summary>By hand: a ≤ 0.1 or missing goes to the split by categories 2 and 33, else b ≤ −1.5 decides, where a missing
    /// b goes right. The sigmoid's 2 doubles all.</summary>
    [Fact]
    public void ReadLightGbm_ScoresAsItsTreesSay()
    {
        BoostedTreesModel model = BoostedTrees.ReadLightGbm(new StringReader(LightGbm));

        float[] rows =
        [
            0.1f, 0, 2,
            0, 0, 33,
            0, 0, 3,
            float.NaN, 0, float.NaN,
            0.2f, -1.5f, 0,
            0.2f, -1, 0,
            0.2f, float.NaN, 0,
        ];

        // float32's 0.1 lies above the threshold in float64.
        Assert.Equal([4.25f, 1.25f, 2.25f, 2.25f, -0.25f, 4.25f, 4.25f], Score(model, rows, 7));
        Assert.Equal(RowTargetKind.Binary, model.Target.Kind);
        Assert.Equal([5, 1, 3], model.Gains());
        Assert.Equal(["a", "b", "c"], model.FeatureNames);
        double[] added = new double[4];
        model.Explain(new FeatureRows { Count = 1, Dense = rows.AsSpan(3, 3) }, 0, [0, 1, 2], [], added);
        Assert.Equal(1.25, added.Sum(), 1e-6);
    }

    [Theory]
    [InlineData("objective=binary", "objective=cross_entropy", "LRN046")]
    [InlineData("is_linear=0", "is_linear=1", "LRN046")]
    [InlineData("decision_type=10", "decision_type=6", "LRN046")]
    [InlineData("max_feature_idx=2", "max_feature=2", "LRN045")]
    [InlineData("max_feature_idx=2", "max_feature_idx=1", "LRN045")]
    [InlineData("left_child=1", "left_child=0", "LRN045")]
    [InlineData("left_child=1 -1", "left_child=1 -9", "LRN045")]
    [InlineData("leaf_value=0.5", "leaf_value=half", "LRN045")]
    [InlineData("cat_boundaries=0 2", "cat_boundaries=0 3", "LRN045")]
    [InlineData("threshold=0.10000000000000001 0", "threshold=0.1 7", "LRN045")]
    public void ReadLightGbm_OfWhatIsNotRead_IsACodedFault(string text, string other, string code)
    {
        string changed = LightGbm.Replace(text, other, StringComparison.Ordinal);

        Assert.NotEqual(LightGbm, changed, StringComparer.Ordinal);
        Assert.Equal(code, Assert.Throws<TandemException>(() => BoostedTrees.ReadLightGbm(
            new StringReader(changed))).Fault.Code);
    }

    private static byte[] Fixture() => File.ReadAllBytes(
        Path.Combine(SharedData.Root, "tests", "Tandem.Learning.Tests", "Trees", "xgboost.json"));

    private static float[] Score(IRowScorer model, float[] dense, int count)
    {
        float[] scores = new float[count * model.Target.OutputCount];
        model.ScoreRows(new FeatureRows { Count = count, Dense = dense }, scores);
        return scores;
    }
}
