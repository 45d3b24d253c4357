namespace Tandem.Learning.Trees;

/// <summary>Says how much each column of a row adds to its scores: Shapley values of the trees, exact.</summary>
/// <remarks>S. Lundberg and others, <em>From local explanations to global understanding with explainable AI for trees</em>
/// (2020), the path-dependent form: a column that is left out sends a row down both sides, by the share of the training
/// rows that went there. O(trees · leaves · depth²) a row. Allocates the answer and a work space.</remarks>
public static class TreeShap
{
    /// <summary>Explains one row.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rows">Rows, of the model's width.</param>
    /// <param name="row">Which of them.</param>
    /// <returns>Shape (outputs, columns + 1): what each column adds, the sparse ones after the dense, and last what all rows
    /// start from, the mean over the training rows. They sum to the score, but for its rounding; of quantiles, to the score
    /// before quantiles are put in order.</returns>
    public static double[] Explain(BoostedTreesModel model, in FeatureRows rows, int row)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, rows.Count);
        int columns = model.DenseCount + model.SparseCount;
        float[] values = new float[columns];
        rows.Dense.Slice(row * model.DenseCount, model.DenseCount).CopyTo(values);
        for (int i = rows.Starts.IsEmpty ? 0 : rows.Starts[row]; i < (rows.Starts.IsEmpty ? 0 : rows.Starts[row + 1]); i++)
        {
            values[model.DenseCount + rows.Columns[i]] = rows.Values[i];
        }

        double[] added = new double[model.Target.OutputCount * (columns + 1)];
        for (int output = 0; output < model.Target.OutputCount; output++)
        {
            added[(output * (columns + 1)) + columns] = model.Starts[output];
        }

        Forest forest = model.Trees;
        for (int tree = 0; tree < forest.TreeCount; tree++)
        {
            Span<double> ofOutput = added.AsSpan(forest.Outputs[tree] * (columns + 1), columns + 1);
            int root = forest.Starts[tree];
            ofOutput[columns] += MeanOf(forest, root, root);
            Walk walk = new(forest, root, values, ofOutput);
            walk.Descend(root, [], new Step(-1, 1, 1));
        }

        return added;
    }

    /// <summary>Mean of what the leaves below a node give.</summary>
    private static double MeanOf(Forest forest, int root, int node)
    {
        if (forest.Columns[node] < 0)
        {
            return forest.Values[node];
        }

        int left = root + forest.Lefts[node];
        int right = root + forest.Rights[node];
        double share = ShareOf(forest, left, right);
        return (share * MeanOf(forest, root, left)) + ((1 - share) * MeanOf(forest, root, right));
    }

    /// <summary>Share of the rows of two siblings that went to the first.</summary>
    private static double ShareOf(Forest forest, int child, int sibling)
    {
        double both = (double)forest.Covers[child] + forest.Covers[sibling];
        return both > 0 ? forest.Covers[child] / both : 0.5;
    }

    /// <summary>A column on the way to a leaf.</summary>
    /// <param name="Column">The column; −1 for the root.</param>
    /// <param name="Left">Share of the rows that go on where the column is left out.</param>
    /// <param name="Taken">1 where the row itself goes on, else 0.</param>
    private readonly record struct Step(int Column, double Left, double Taken);

    private readonly ref struct Walk(Forest forest, int root, float[] values, Span<double> added)
    {
        private readonly Span<double> _added = added;

        public void Descend(int node, (Step Step, double Weight)[] before, Step step)
        {
            (Step Step, double Weight)[] path = Extend(before, step);
            if (forest.Columns[node] < 0)
            {
                for (int i = 1; i < path.Length; i++)
                {
                    Step of = path[i].Step;
                    _added[of.Column] += Unwind(path, i).Sum(static each => each.Weight) * (of.Taken - of.Left)
                        * forest.Values[node];
                }

                return;
            }

            int column = forest.Columns[node];
            int left = root + forest.Lefts[node];
            int right = root + forest.Rights[node];
            (int hot, int cold) = forest.GoesLeft(node, values[column]) ? (left, right) : (right, left);
            double share = ShareOf(forest, hot, cold);
            Step former = new(column, 1, 1);
            int at = Array.FindIndex(path, each => each.Step.Column == column);
            if (at > 0)
            {
                // Asked for the second time on this way: the two count as one.
                former = path[at].Step;
                path = Unwind(path, at);
            }

            Descend(hot, path, new Step(column, former.Left * share, former.Taken));
            Descend(cold, path, new Step(column, former.Left * (1 - share), 0));
        }

        /// <summary>Weights of the subsets of each size, with one column more.</summary>
        private static (Step Step, double Weight)[] Extend((Step Step, double Weight)[] before, Step step)
        {
            int depth = before.Length;
            (Step Step, double Weight)[] path = [.. before, (step, depth == 0 ? 1 : 0)];
            for (int i = depth - 1; i >= 0; i--)
            {
                path[i + 1].Weight += step.Taken * path[i].Weight * (i + 1) / (depth + 1);
                path[i].Weight = step.Left * path[i].Weight * (depth - i) / (depth + 1);
            }

            return path;
        }

        /// <summary>Undoes <see cref="Extend"/> for a column.</summary>
        private static (Step Step, double Weight)[] Unwind((Step Step, double Weight)[] path, int at)
        {
            int depth = path.Length - 1;
            Step step = path[at].Step;
            double[] weights = [.. path.Select(static each => each.Weight)];
            double next = weights[depth];
            for (int i = depth - 1; i >= 0; i--)
            {
                if (step.Taken != 0)
                {
                    double former = weights[i];
                    weights[i] = next * (depth + 1) / ((i + 1) * step.Taken);
                    next = former - (weights[i] * step.Left * (depth - i) / (depth + 1));
                }
                else
                {
                    weights[i] = weights[i] * (depth + 1) / (step.Left * (depth - i));
                }
            }

            return [.. path.Where((_, i) => i != at).Select((each, i) => (each.Step, weights[i]))];
        }
    }
}
