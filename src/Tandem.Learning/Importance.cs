using Tandem.Learning.Logistic;
using Tandem.Numerics;

namespace Tandem.Learning;

/// <summary>Measures which features a row scorer leans on.</summary>
public static class Importance
{
    // Explained at most: the mean of so many is sure to some 3 % of the deviation.
    private const int MostExplained = 1000;

    private const int ExplainedAtOnce = 16;

    /// <summary>Measures every feature on rows that the model did not see.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rows">The rows, of both classes.</param>
    /// <param name="names">Names of the features.</param>
    /// <param name="featureOfDense">Index of the feature behind each dense column.</param>
    /// <param name="featureOfSparse">Index of the feature behind each sparse column.</param>
    /// <param name="context">Seed and threads.</param>
    /// <param name="cancellationToken">Stops between two features.</param>
    /// <returns>One entry a feature, in the order of the names.</returns>
    /// <remarks>L. Breiman, Random forests (2001): all columns of a feature move together, in one fixed shuffle of the
    /// rows. O(features · rows · width). What a feature adds is a mean over 1,000 rows at most, evenly drawn.</remarks>
    public static IReadOnlyList<FeatureImportance> Measure(
        IRowScorer model, LabelledRows rows, IReadOnlyList<string> names, IReadOnlyList<int> featureOfDense,
        IReadOnlyList<int> featureOfSparse, FitContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(context);
        rows.ThrowUnlessSound(takesMissing: true);
        float[] scores = new float[rows.Count * rows.Target.OutputCount];
        model.ScoreRows(rows.Features, scores);
        RowScores judged = new() { Target = rows.Target, Values = scores, Labels = rows.Labels, Groups = rows.Groups };
        string metric = RowEvaluation.MetricsOf(rows.Target.Kind)[0];
        double worse = RowEvaluation.Find(metric, rows.Target.Kind).LowerIsBetter ? 1 : -1;
        double figure = RowEvaluation.Measure(judged, metric);
        int[] shuffle = Shuffle(rows.Count, context.Seed);
        double[]? added = MeanAdded(
            model, rows, names.Count, featureOfDense, featureOfSparse, context.ThreadCount, cancellationToken);
        var found = new FeatureImportance[names.Count];
        ParallelChunks.Run(
            names.Count, 1, context.ThreadCount, () => new float[scores.Length],
            (shuffled, feature, _, _) =>
            {
                LabelledRows moved = Shuffled(rows, feature, featureOfDense, featureOfSparse, shuffle);
                model.ScoreRows(moved.Features, shuffled);
                double risen = worse * (RowEvaluation.Measure(judged with { Values = shuffled }, metric) - figure);
                double? weight = ((model as AdjustedScorer)?.Inner ?? model) is LogisticModel linear
                    ? Deviation(linear, rows, feature, featureOfDense, featureOfSparse)
                    : null;
                found[feature] = new FeatureImportance(names[feature], risen, weight) { Contribution = added?[feature] };
            },
            cancellationToken);
        return found;
    }

    /// <summary>Mean of |what each feature adds|; null where the model cannot tell.</summary>
    private static double[]? MeanAdded(
        IRowScorer model, LabelledRows rows, int featureCount, IReadOnlyList<int> featureOfDense,
        IReadOnlyList<int> featureOfSparse, int threadCount, CancellationToken cancellationToken)
    {
        if (Explanation.Explainer(model) is not { } explained)
        {
            return null;
        }

        int count = Math.Min(rows.Count, MostExplained);
        int width = featureCount + 1;
        double[][] ofRows = new double[count][];
        ParallelChunks.Run(
            count, ExplainedAtOnce, threadCount, () => new double[model.Target.OutputCount * width],
            (added, _, first, end) =>
            {
                for (int i = first; i < end; i++)
                {
                    int row = (int)((long)i * rows.Count / count);
                    explained.Explain(rows.Features, row, featureOfDense, featureOfSparse, added);
                    double[] sums = new double[featureCount];
                    for (int at = 0; at < added.Length; at++)
                    {
                        if (at % width < featureCount)
                        {
                            sums[at % width] += Math.Abs(added[at]);
                        }
                    }

                    ofRows[i] = sums;
                }
            },
            cancellationToken);
        return [.. Enumerable.Range(0, featureCount).Select(feature => ofRows.Average(sums => sums[feature]))];
    }

    private static int[] Shuffle(int count, ulong seed)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        SeededRandom random = new(seed);
        for (int i = count - 1; i > 0; i--)
        {
            int j = random.NextInt(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    /// <summary>The rows, with one feature's columns taken from others of them.</summary>
    private static LabelledRows Shuffled(
        LabelledRows rows, int feature, IReadOnlyList<int> featureOfDense, IReadOnlyList<int> featureOfSparse,
        int[] shuffle)
    {
        float[] dense = [.. rows.Dense];
        int[] starts = new int[rows.Count + 1];
        List<int> columns = new(rows.Columns.Length);
        List<float> values = new(rows.Values.Length);
        for (int row = 0; row < rows.Count; row++)
        {
            for (int column = 0; column < rows.DenseCount; column++)
            {
                if (featureOfDense[column] == feature)
                {
                    dense[(row * rows.DenseCount) + column] = rows.Dense[(shuffle[row] * rows.DenseCount) + column];
                }
            }

            AddSparse(row, isOfFeature: false);
            AddSparse(shuffle[row], isOfFeature: true);
            starts[row + 1] = columns.Count;
        }

        return rows with { Dense = dense, Starts = starts, Columns = [.. columns], Values = [.. values] };

        void AddSparse(int from, bool isOfFeature)
        {
            for (int i = rows.Starts[from]; i < rows.Starts[from + 1]; i++)
            {
                if (featureOfSparse[rows.Columns[i]] == feature == isOfFeature)
                {
                    columns.Add(rows.Columns[i]);
                    values.Add(rows.Values[i]);
                }
            }
        }
    }

    /// <summary>Standard deviation over the rows of what a feature's columns add to the log-odds.</summary>
    private static double Deviation(
        LogisticModel model, LabelledRows rows, int feature, IReadOnlyList<int> featureOfDense,
        IReadOnlyList<int> featureOfSparse)
    {
        double sum = 0;
        double squares = 0;
        for (int row = 0; row < rows.Count; row++)
        {
            double added = 0;
            for (int column = 0; column < rows.DenseCount; column++)
            {
                added += featureOfDense[column] == feature
                    ? model.DenseWeights[column] * (double)rows.Dense[(row * rows.DenseCount) + column]
                    : 0;
            }

            for (int i = rows.Starts[row]; i < rows.Starts[row + 1]; i++)
            {
                added += featureOfSparse[rows.Columns[i]] == feature
                    ? model.SparseWeights[rows.Columns[i]] * (double)rows.Values[i]
                    : 0;
            }

            sum += added;
            squares += added * added;
        }

        double mean = sum / rows.Count;
        return Math.Sqrt(Math.Max(0, (squares / rows.Count) - (mean * mean)));
    }
}
