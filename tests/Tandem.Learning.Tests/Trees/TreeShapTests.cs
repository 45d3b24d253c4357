using System.Numerics;
using Tandem.Learning.Trees;

namespace Tandem.Learning.Tests.Trees;

public sealed class TreeShapTests
{
    [Theory]
    [InlineData(RowTargetKind.Binary)]
    [InlineData(RowTargetKind.Multiclass)]
    [InlineData(RowTargetKind.Number)]
    public void Explain_EqualsShapleyValuesByTheirDefinition(RowTargetKind kind)
    {
        LabelledRows rows = TreeRows.Of(kind, seed: 31, count: 600);
        BoostedTreesModel model = BoostedTrees.Fit(
            rows, new BoostedTreesOptions { Trees = 6, Leaves = 14 }, new FitContext { ThreadCount = 1 });
        float[] scores = TreeRows.Score(model, rows);
        int width = TreeRows.Dense + 1;
        int outputs = rows.Target.OutputCount;

        for (int row = 0; row < 25; row++)
        {
            double[] found = new double[outputs * width];
            model.Explain(rows.Features, row, [.. Enumerable.Range(0, TreeRows.Dense)], [], found);

            for (int output = 0; output < outputs; output++)
            {
                double[] expected = ByDefinition(model, rows, row, output);
                for (int column = 0; column < width; column++)
                {
                    Assert.Equal(expected[column], found[(output * width) + column], 1e-6);
                }

                // The score is a sum of float32 numbers.
                Assert.Equal(scores[(row * outputs) + output], found.AsSpan(output * width, width).ToArray().Sum(), 1e-4);
            }
        }
    }

    /// <summary>Σ over subsets S without the column of |S|!·(n − |S| − 1)!/n! · (v(S with it) − v(S)).</summary>
    private static double[] ByDefinition(BoostedTreesModel model, LabelledRows rows, int row, int output)
    {
        const int Columns = TreeRows.Dense;
        double[] worth = new double[1 << Columns];
        for (uint subset = 0; subset < worth.Length; subset++)
        {
            for (int tree = 0; tree < model.TreeCount; tree++)
            {
                worth[subset] += model.Trees.Outputs[tree] == output
                    ? Expect(model.Trees, model.Trees.Starts[tree], model.Trees.Starts[tree], rows, row, subset)
                    : 0;
            }
        }

        double[] shares = new double[Columns + 1];
        shares[Columns] = worth[0] + model.Starts[output];
        for (int column = 0; column < Columns; column++)
        {
            for (uint subset = 0; subset < worth.Length; subset++)
            {
                if ((subset >> column & 1) == 0)
                {
                    int size = BitOperations.PopCount(subset);
                    double weight = Factorial(size) * Factorial(Columns - size - 1) / Factorial(Columns);
                    shares[column] += weight * (worth[subset | (1u << column)] - worth[subset]);
                }
            }
        }

        return shares;
    }

    private static double Expect(Forest forest, int root, int node, LabelledRows rows, int row, uint known)
    {
        if (forest.Columns[node] < 0)
        {
            return forest.Values[node];
        }

        int left = root + forest.Lefts[node];
        int right = root + forest.Rights[node];
        if ((known >> forest.Columns[node] & 1) != 0)
        {
            bool goesLeft = forest.GoesLeft(node, rows.Dense[(row * TreeRows.Dense) + forest.Columns[node]]);
            return Expect(forest, root, goesLeft ? left : right, rows, row, known);
        }

        double share = forest.Covers[left] / ((double)forest.Covers[left] + forest.Covers[right]);
        return (share * Expect(forest, root, left, rows, row, known))
            + ((1 - share) * Expect(forest, root, right, rows, row, known));
    }

    private static double Factorial(int n) => n < 2 ? 1 : n * Factorial(n - 1);
}
