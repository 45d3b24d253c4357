using Tandem.Learning.Trees;
using Tandem.Numerics;

namespace Tandem.Learning.Tests.Trees;

/// <summary>Small made-up rows for trees, and their leaves found by walking.</summary>
internal static class TreeRows
{
    public const int Dense = 5;

    private delegate float[] Labelling(float[] x, ref SeededRandom random);

    /// <summary>Dense rows, one value in ten missing, with labels of a target.</summary>
    public static LabelledRows Of(RowTargetKind kind, ulong seed, int count)
    {
        RowTarget target = new(kind)
        {
            Classes = kind is RowTargetKind.Multiclass or RowTargetKind.Multilabel ? 3 : 0,
            Quantiles = kind == RowTargetKind.Quantile ? [0.1, 0.5, 0.9] : [],
        };
        SeededRandom random = new(seed);
        float[] dense = new float[count * Dense];
        List<float> labels = [];
        for (int row = 0; row < count; row++)
        {
            Span<float> x = dense.AsSpan(row * Dense, Dense);
            for (int i = 0; i < x.Length; i++)
            {
                x[i] = (float)random.NextGaussian();
            }

            labels.AddRange(LabelsOf(kind, x, (float)random.NextGaussian()));
            for (int i = 0; i < x.Length; i++)
            {
                x[i] = random.NextInt(10) == 0 ? float.NaN : x[i];
            }
        }

        return From(dense, Dense, labels, target) with
        {
            Groups = kind == RowTargetKind.Order ? [.. Enumerable.Range(0, count).Select(static row => row / 12)] : [],
        };
    }

    public static LabelledRows From(float[] dense, int columns, IEnumerable<float> labels, RowTarget target) => new()
    {
        DenseCount = columns,
        SparseCount = 0,
        Dense = dense,
        Starts = new int[(dense.Length / columns) + 1],
        Columns = [],
        Values = [],
        Target = target,
        Labels = [.. labels],
    };

    public static float[] Score(IRowScorer model, LabelledRows rows)
    {
        float[] scores = new float[rows.Count * rows.Target.OutputCount];
        model.ScoreRows(rows.Features, scores);
        return scores;
    }

    /// <summary>What the trees give, one after another.</summary>
    public static double[] Walk(BoostedTreesModel model, LabelledRows rows, int row)
    {
        double[] sums = [.. model.Starts.ToArray().Select(static start => (double)start)];
        for (int tree = 0; tree < model.TreeCount; tree++)
        {
            sums[model.Trees.Outputs[tree]] += model.Trees.Values[LeafOf(model.Trees, tree, rows, row)];
        }

        if (model.Target.Kind == RowTargetKind.Quantile)
        {
            Array.Sort(sums);
        }

        return sums;
    }

    public static int LeafOf(Forest forest, int tree, LabelledRows rows, int row)
    {
        int node = forest.Starts[tree];
        while (forest.Columns[node] >= 0)
        {
            float value = ValueOf(rows, row, forest.Columns[node]);
            node = forest.Starts[tree] + (forest.GoesLeft(node, value) ? forest.Lefts[node] : forest.Rights[node]);
        }

        return node;
    }

    private static float ValueOf(LabelledRows rows, int row, int column)
    {
        if (column < rows.DenseCount)
        {
            return rows.Dense[(row * rows.DenseCount) + column];
        }

        int at = Array.IndexOf(
            rows.Columns, column - rows.DenseCount, rows.Starts[row], rows.Starts[row + 1] - rows.Starts[row]);
        return at < 0 ? 0 : rows.Values[at];
    }

    private static float[] LabelsOf(RowTargetKind kind, ReadOnlySpan<float> x, float noise) => kind switch
    {
        RowTargetKind.Binary => [x[0] + (x[1] * x[2]) + (0.5f * noise) > 0 ? 1 : 0],
        RowTargetKind.Multiclass => [x[0] > 0.5 ? 2 : x[1] > 0 ? 1 : 0],
        RowTargetKind.Multilabel => [x[0] > 0 ? 1 : 0, x[1] > x[2] ? 1 : 0, x[3] > 1 ? 1 : 0],
        RowTargetKind.Count => [MathF.Floor(MathF.Exp((0.5f * x[0]) + Math.Abs(noise)))],
        RowTargetKind.Order => [Math.Clamp(MathF.Floor(x[0] + x[1] + 2), 0, 4)],
        _ => [x[0] + (x[1] * noise)],
    };
}
