namespace Tandem.Learning.Trees;

/// <summary>Says how much each column of a row adds to its scores: Shapley values of the trees, exact.</summary>
/// <remarks>S. Lundberg and others, <em>From local explanations to global understanding with explainable AI for trees</em>
/// (2020), the path-dependent form: a column that is left out sends a row down both sides, by the share of the training
/// rows that went there. O(trees · leaves · depth²) a row. Allocates the answer, the row as one vector and a
/// work space.</remarks>
internal static class TreeShap
{
    /// <summary>Explains one row, as <see cref="IExplainedScorer.Explain"/> says.</summary>
    public static void Explain(
        BoostedTreesModel model, in FeatureRows rows, int row, IReadOnlyList<int> featureOfDense,
        IReadOnlyList<int> featureOfSparse, Span<double> added)
    {
        float[] values = new float[model.DenseCount + model.SparseCount];
        rows.Dense.Slice(row * model.DenseCount, model.DenseCount).CopyTo(values);
        for (int i = rows.Starts.IsEmpty ? 0 : rows.Starts[row]; i < (rows.Starts.IsEmpty ? 0 : rows.Starts[row + 1]); i++)
        {
            values[model.DenseCount + rows.Columns[i]] = rows.Values[i];
        }

        int width = added.Length / model.Target.OutputCount;
        added.Clear();
        for (int output = 0; output < model.Target.OutputCount; output++)
        {
            added[((output + 1) * width) - 1] = model.Starts[output];
        }

        Forest forest = model.Trees;
        int longest = LongestWay(forest) + 2;
        var room = new Step[longest * (longest + 1) / 2];
        for (int tree = 0; tree < forest.TreeCount; tree++)
        {
            Span<double> ofOutput = added.Slice(forest.Outputs[tree] * width, width);
            int root = forest.Starts[tree];
            ofOutput[^1] += MeanOf(forest, root, root);
            Walk walk = new(forest, root, values, featureOfDense, featureOfSparse, ofOutput, room);
            walk.Descend(root, 0, 0, new Step(-1, 1, 1, 0));
        }
    }

    /// <summary>Splits on the longest way to a leaf.</summary>
    private static int LongestWay(Forest forest)
    {
        int longest = 0;
        int[] depths = new int[forest.Columns.Length];
        for (int tree = 0; tree < forest.TreeCount; tree++)
        {
            int root = forest.Starts[tree];
            for (int node = root; node < forest.Starts[tree + 1]; node++)
            {
                longest = Math.Max(longest, depths[node]);
                if (forest.Columns[node] >= 0)
                {
                    depths[root + forest.Lefts[node]] = depths[node] + 1;
                    depths[root + forest.Rights[node]] = depths[node] + 1;
                }
            }
        }

        return longest;
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
    /// <param name="Weight">Of the subsets of as many columns as stand before this one: their weight together.</param>
    private record struct Step(int Column, double Left, double Taken, double Weight);

    /// <summary>The ways through one tree. A way stands in the room behind those of the nodes above it.</summary>
    private readonly ref struct Walk(
        Forest forest, int root, ReadOnlySpan<float> values, IReadOnlyList<int> featureOfDense,
        IReadOnlyList<int> featureOfSparse, Span<double> added, Span<Step> room)
    {
        private readonly ReadOnlySpan<float> _values = values;
        private readonly Span<double> _added = added;
        private readonly Span<Step> _room = room;

        /// <summary>Goes down from a node.</summary>
        /// <param name="node">The node.</param>
        /// <param name="start">Where the way of the node above begins.</param>
        /// <param name="length">Its length.</param>
        /// <param name="step">What is added to it.</param>
        public void Descend(int node, int start, int length, Step step)
        {
            if (step is { Left: 0, Taken: 0 })
            {
                // Neither the row nor any of the training rows comes here.
                return;
            }

            Span<Step> path = _room.Slice(start + length, length + 1);
            _room.Slice(start, length).CopyTo(path);
            Extend(path, step);
            if (forest.Columns[node] < 0)
            {
                for (int i = 1; i < path.Length; i++)
                {
                    int column = path[i].Column;
                    int feature = column < featureOfDense.Count
                        ? featureOfDense[column]
                        : featureOfSparse[column - featureOfDense.Count];
                    _added[feature] += WithoutSum(path, i) * (path[i].Taken - path[i].Left) * forest.Values[node];
                }

                return;
            }

            int asked = forest.Columns[node];
            int left = root + forest.Lefts[node];
            int right = root + forest.Rights[node];
            (int hot, int cold) = forest.GoesLeft(node, _values[asked]) ? (left, right) : (right, left);
            double share = ShareOf(forest, hot, cold);
            Step former = new(asked, 1, 1, 0);
            int at = path.Length - 1;
            while (at > 0 && path[at].Column != asked)
            {
                at--;
            }

            int own = path.Length;
            if (at > 0)
            {
                // Asked for the second time on this way: the two count as one.
                former = path[at];
                Unwind(path, at);
                own--;
            }

            Descend(hot, start + length, own, former with { Left = former.Left * share });
            Descend(cold, start + length, own, former with { Left = former.Left * (1 - share), Taken = 0 });
        }

        /// <summary>Weights of the subsets of each size, with the last column more.</summary>
        private static void Extend(Span<Step> path, Step step)
        {
            int depth = path.Length - 1;
            path[depth] = step with { Weight = depth == 0 ? 1 : 0 };
            for (int i = depth - 1; i >= 0; i--)
            {
                path[i + 1].Weight += step.Taken * path[i].Weight * (i + 1) / (depth + 1);
                path[i].Weight = step.Left * path[i].Weight * (depth - i) / (depth + 1);
            }
        }

        /// <summary>Undoes <see cref="Extend"/> for a column; the last place is then free.</summary>
        private static void Unwind(Span<Step> path, int at)
        {
            int depth = path.Length - 1;
            Step step = path[at];
            double next = path[depth].Weight;
            for (int i = depth - 1; i >= 0; i--)
            {
                if (step.Taken != 0)
                {
                    double former = path[i].Weight;
                    path[i].Weight = next * (depth + 1) / ((i + 1) * step.Taken);
                    next = former - (path[i].Weight * step.Left * (depth - i) / (depth + 1));
                }
                else
                {
                    path[i].Weight = path[i].Weight * (depth + 1) / (step.Left * (depth - i));
                }
            }

            for (int i = at; i < depth; i++)
            {
                path[i] = path[i + 1] with { Weight = path[i].Weight };
            }
        }

        /// <summary>Sum of the weights that <see cref="Unwind"/> would leave.</summary>
        private static double WithoutSum(ReadOnlySpan<Step> path, int at)
        {
            int depth = path.Length - 1;
            Step step = path[at];
            double next = path[depth].Weight;
            double sum = 0;
            for (int i = depth - 1; i >= 0; i--)
            {
                double weight = step.Taken != 0
                    ? next * (depth + 1) / ((i + 1) * step.Taken)
                    : path[i].Weight * (depth + 1) / (step.Left * (depth - i));
                sum += weight;
                next = path[i].Weight - (weight * step.Left * (depth - i) / (depth + 1));
            }

            return sum;
        }
    }
}
