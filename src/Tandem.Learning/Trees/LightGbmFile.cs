using System.Globalization;
using Tandem.Faults;

namespace Tandem.Learning.Trees;

/// <summary>Reads the text that LightGBM saves a model as.</summary>
/// <remarks>Read: thresholds and sets of categories; missing values as NaN or as 0; the objectives binary, regression,
/// multiclass, poisson, lambdarank and rank_xendcg. Thresholds are float64 there: they are rounded down to float32, which
/// parts float32 values alike.</remarks>
internal static class LightGbmFile
{
    private const string Name = "LightGBM";
    private const int ByCategory = 1;
    private const int DefaultLeft = 2;

    public static BoostedTreesModel Read(TextReader text)
    {
        Dictionary<string, string> head = Section(text, out bool goesOn);
        if (!head.ContainsKey("tree") || !head.ContainsKey("max_feature_idx"))
        {
            throw new TandemException(LearningErrors.NoTreeFile(Name, "it does not begin with 'tree' and 'max_feature_idx'"));
        }

        string[] objective = head.GetValueOrDefault("objective", "regression").Split(' ');
        int outputs = (int)Number(head, "num_tree_per_iteration");
        RowTarget target = TargetOf(objective, outputs);
        if (head.ContainsKey("average_output") || objective.Contains("sqrt", StringComparer.Ordinal))
        {
            throw new TandemException(LearningErrors.OtherTrees(Name, "scores that are averaged or squared"));
        }

        double factor = objective.FirstOrDefault(static part => part.StartsWith("sigmoid:", StringComparison.Ordinal)) is { } sigmoid
            && target.Kind == RowTargetKind.Binary
            ? Parse(sigmoid["sigmoid:".Length..])
            : 1;
        ForestBuilder forest = new();
        while (goesOn)
        {
            Dictionary<string, string> tree = Section(text, out goesOn);
            if (tree.ContainsKey("Tree"))
            {
                new TreeReader(tree, forest, factor).Add();
                forest.EndTree(forest.TreeCount % outputs);
            }
        }

        int columns = (int)Number(head, "max_feature_idx") + 1;
        Forest built = forest.Build();
        return built.IsSound(columns, outputs)
            ? new BoostedTreesModel(target, columns, 0, new float[outputs], built)
            {
                FeatureNames = head.GetValueOrDefault("feature_names", "").Split(' ', StringSplitOptions.RemoveEmptyEntries),
            }
            : throw new TandemException(LearningErrors.NoTreeFile(Name, "a tree's nodes do not fit together"));
    }

    private static RowTarget TargetOf(string[] objective, int outputs) => objective[0] switch
    {
        "binary" => RowTarget.Binary,
        "regression" => new RowTarget(RowTargetKind.Number),
        "multiclass" => new RowTarget(RowTargetKind.Multiclass) { Classes = outputs },
        "poisson" => new RowTarget(RowTargetKind.Count),
        "lambdarank" or "rank_xendcg" => new RowTarget(RowTargetKind.Order),
        _ => throw new TandemException(LearningErrors.OtherTrees(Name, $"the objective '{objective[0]}'")),
    };

    /// <summary>Lines of name=value up to an empty line; the trees end with a line that says so.</summary>
    private static Dictionary<string, string> Section(TextReader text, out bool goesOn)
    {
        Dictionary<string, string> section = new(StringComparer.Ordinal);
        while (text.ReadLine() is { } line)
        {
            if (line.Length == 0 && section.Count > 0)
            {
                goesOn = true;
                return section;
            }

            if (string.Equals(line, "end of trees", StringComparison.Ordinal))
            {
                break;
            }

            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (line.Length > 0)
            {
                section[equals < 0 ? line : line[..equals]] = equals < 0 ? "" : line[(equals + 1)..];
            }
        }

        goesOn = false;
        return section;
    }

    private static double Number(Dictionary<string, string> section, string name) =>
        section.TryGetValue(name, out string? text)
            ? Parse(text)
            : throw new TandemException(LearningErrors.NoTreeFile(Name, $"'{name}' is missing"));

    private static double Parse(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw new TandemException(LearningErrors.NoTreeFile(Name, $"'{text}' is no number"));

    private sealed class TreeReader
    {
        private readonly ForestBuilder _forest;
        private readonly double _factor;
        private readonly int _leaves;
        private readonly double[] _columns;
        private readonly double[] _thresholds;
        private readonly double[] _decisions;
        private readonly double[] _gains;
        private readonly double[] _lefts;
        private readonly double[] _rights;
        private readonly double[] _values;
        private readonly double[] _covers;
        private readonly double[] _setStarts;
        private readonly double[] _sets;
        private readonly bool[] _isTaken;

        public TreeReader(Dictionary<string, string> tree, ForestBuilder forest, double factor)
        {
            if (tree.GetValueOrDefault("is_linear", "0") != "0")
            {
                throw new TandemException(LearningErrors.OtherTrees(Name, "linear models in leaves"));
            }

            _forest = forest;
            _factor = factor;
            _leaves = (int)Number(tree, "num_leaves");
            _isTaken = new bool[Math.Max(0, _leaves)];
            _values = Numbers(tree, "leaf_value", _leaves);
            _columns = Numbers(tree, "split_feature", _leaves - 1);
            _thresholds = Numbers(tree, "threshold", _leaves - 1);
            _decisions = Numbers(tree, "decision_type", _leaves - 1);
            _lefts = Numbers(tree, "left_child", _leaves - 1);
            _rights = Numbers(tree, "right_child", _leaves - 1);
            _gains = tree.ContainsKey("split_gain") ? Numbers(tree, "split_gain", _leaves - 1) : new double[_leaves];
            _covers = tree.ContainsKey("leaf_count") && _leaves > 1 ? Numbers(tree, "leaf_count", _leaves) : new double[_leaves];
            int sets = (int)Parse(tree.GetValueOrDefault("num_cat", "0"));
            _setStarts = sets > 0 ? Numbers(tree, "cat_boundaries", sets + 1) : [];
            _sets = sets > 0 ? Numbers(tree, "cat_threshold", (int)_setStarts[^1]) : [];
        }

        public void Add()
        {
            _ = AddNode(_leaves > 1 ? 0 : -1);
            _forest.SumCovers();
        }

        // A child below 0 is a leaf: −1 is the first.
        private int AddNode(int child)
        {
            if (child < 0)
            {
                int leaf = ~child;
                return leaf < _leaves
                    ? _forest.AddLeaf((float)(_factor * _values[leaf]), (float)_covers[leaf])
                    : throw new TandemException(LearningErrors.NoTreeFile(Name, "a node has a child that there is not"));
            }

            if (child >= _leaves - 1 || _isTaken[child])
            {
                throw new TandemException(LearningErrors.NoTreeFile(Name, "a node has a child that there is not"));
            }

            _isTaken[child] = true;
            int node = _forest.AddLeaf(0, 0);
            int left = AddNode((int)_lefts[child]);
            int right = AddNode((int)_rights[child]);
            int decision = (int)_decisions[child];
            uint[]? set = (decision & ByCategory) != 0 ? SetOf((int)_thresholds[child]) : null;
            bool sendsMissingLeft = (decision >> 2 & 3) switch
            {
                0 => _thresholds[child] >= 0,   // a missing value counts as 0
                2 => (decision & DefaultLeft) != 0,
                _ => throw new TandemException(LearningErrors.OtherTrees(Name, "zeros as missing values")),
            };
            _forest.Split(
                node, (int)_columns[child], RoundDown(_thresholds[child]), sendsMissingLeft, set, (float)_gains[child], left,
                right);
            return node;
        }

        private uint[] SetOf(int index) =>
            index >= 0 && index + 1 < _setStarts.Length && _setStarts[index] <= _setStarts[index + 1]
                ? [.. _sets[(int)_setStarts[index]..(int)_setStarts[index + 1]].Select(static word => (uint)word)]
                : throw new TandemException(LearningErrors.NoTreeFile(Name, "a set of categories is missing"));

        private static float RoundDown(double threshold)
        {
            float rounded = (float)Math.Clamp(threshold, float.MinValue, float.MaxValue);
            return rounded > threshold ? MathF.BitDecrement(rounded) : rounded;
        }

        private static double[] Numbers(Dictionary<string, string> tree, string name, int count)
        {
            if (count <= 0)
            {
                return [];
            }

            double[] numbers =
            [
                .. tree.GetValueOrDefault(name, "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Parse),
            ];
            return numbers.Length == count
                ? numbers
                : throw new TandemException(LearningErrors.NoTreeFile(Name, string.Create(
                    CultureInfo.InvariantCulture, $"'{name}' has {numbers.Length} numbers and not {count}")));
        }
    }
}
