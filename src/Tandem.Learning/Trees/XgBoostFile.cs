using System.Globalization;
using System.Text.Json;
using Tandem.Faults;

namespace Tandem.Learning.Trees;

/// <summary>Reads the JSON that XGBoost saves a model as.</summary>
/// <remarks>Read: the booster gbtree with splits by number; the objectives binary:logistic, reg:squarederror,
/// multi:softprob, multi:softmax, count:poisson and rank:*. There a value goes left where it lies below the threshold, here
/// where it is at most the float32 before it.</remarks>
internal static class XgBoostFile
{
    private const string Name = "XGBoost";

    public static BoostedTreesModel Read(Stream source)
    {
        try
        {
            using var document = JsonDocument.Parse(source);
            return Read(document.RootElement.GetProperty("learner"));
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or FormatException
            or InvalidOperationException or IndexOutOfRangeException)
        {
            throw new TandemException(LearningErrors.NoTreeFile(Name, "it is not the JSON of one"), wrong);
        }
    }

    private static BoostedTreesModel Read(JsonElement learner)
    {
        JsonElement booster = learner.GetProperty("gradient_booster");
        string? kind = booster.GetProperty("name").GetString();
        if (kind is not "gbtree")
        {
            throw new TandemException(LearningErrors.OtherTrees(Name, $"the booster '{kind}'"));
        }

        JsonElement settings = learner.GetProperty("learner_model_param");
        int outputs = Math.Max(1, (int)Number(settings, "num_class"));
        int columns = (int)Number(settings, "num_feature");
        string objective = learner.GetProperty("objective").GetProperty("name").GetString() ?? "";
        (RowTarget target, float start) = TargetOf(objective, outputs, Number(settings, "base_score"));
        JsonElement model = booster.GetProperty("model");
        int[] tellsOutput = [.. model.GetProperty("tree_info").EnumerateArray().Select(static each => each.GetInt32())];
        ForestBuilder forest = new();
        foreach (JsonElement tree in model.GetProperty("trees").EnumerateArray())
        {
            new TreeReader(tree, forest).Add();
            forest.EndTree(tellsOutput[forest.TreeCount]);
        }

        Forest built = forest.Build();
        float[] starts = new float[outputs];
        Array.Fill(starts, start);
        return built.IsSound(columns, outputs)
            ? new BoostedTreesModel(target, columns, 0, starts, built)
            {
                FeatureNames = learner.TryGetProperty("feature_names", out JsonElement names)
                    ? [.. names.EnumerateArray().Select(static name => name.GetString() ?? "")]
                    : [],
            }
            : throw new FormatException("A tree's nodes do not fit together.");
    }

    private static (RowTarget Target, float Start) TargetOf(string objective, int outputs, double start) => objective switch
    {
        "binary:logistic" => (RowTarget.Binary, (float)Math.Log(start / (1 - start))),
        "reg:squarederror" => (new RowTarget(RowTargetKind.Number), (float)start),
        "multi:softprob" or "multi:softmax" => (new RowTarget(RowTargetKind.Multiclass) { Classes = outputs }, (float)start),
        "count:poisson" => (new RowTarget(RowTargetKind.Count), (float)Math.Log(start)),
        _ when objective.StartsWith("rank:", StringComparison.Ordinal) => (new RowTarget(RowTargetKind.Order), (float)start),
        _ => throw new TandemException(LearningErrors.OtherTrees(Name, $"the objective '{objective}'")),
    };

    // Numbers are text there, since version 3 in brackets.
    private static double Number(JsonElement settings, string name) => double.Parse(
        settings.GetProperty(name).GetString()!.Trim('[', ']'), NumberStyles.Float, CultureInfo.InvariantCulture);

    private sealed class TreeReader(JsonElement tree, ForestBuilder forest)
    {
        private readonly float[] _conditions = Numbers(tree, "split_conditions");
        private readonly float[] _columns = Numbers(tree, "split_indices");
        private readonly float[] _lefts = Numbers(tree, "left_children");
        private readonly float[] _rights = Numbers(tree, "right_children");
        private readonly float[] _defaults = Numbers(tree, "default_left");
        private readonly float[] _covers = Numbers(tree, "sum_hessian");
        private readonly float[] _gains = Numbers(tree, "loss_changes");
        private readonly bool[] _isTaken = new bool[tree.GetProperty("left_children").GetArrayLength()];

        public void Add()
        {
            if (tree.TryGetProperty("split_type", out JsonElement types)
                && types.EnumerateArray().Any(static type => type.GetInt32() != 0))
            {
                throw new TandemException(LearningErrors.OtherTrees(Name, "splits by categories"));
            }

            _ = AddNode(0);
        }

        private int AddNode(int at)
        {
            if (_isTaken[at])
            {
                throw new FormatException("A node has two parents.");
            }

            _isTaken[at] = true;
            int node = forest.AddLeaf(_conditions[at], _covers[at]);
            if (_lefts[at] >= 0)
            {
                int left = AddNode((int)_lefts[at]);
                int right = AddNode((int)_rights[at]);
                forest.Split(
                    node, (int)_columns[at], MathF.BitDecrement(_conditions[at]), _defaults[at] != 0, null, _gains[at], left,
                    right);
            }

            return node;
        }

        // Truths are numbers in some versions.
        private static float[] Numbers(JsonElement tree, string name) =>
        [
            .. tree.GetProperty(name).EnumerateArray().Select(static each =>
                each.ValueKind == JsonValueKind.Number ? each.GetSingle() : each.ValueKind == JsonValueKind.True ? 1 : 0),
        ];
    }
}
