using Tandem.Learning.Neighbours;
using Tandem.Learning.Popularity;
using Tandem.Numerics;

namespace Tandem.Learning.ItemItem;

/// <summary>Finds which items the same users choose.</summary>
public static class ItemItemTrainer
{
    /// <summary>Multiplies the normalised user-item matrix by itself.</summary>
    /// <param name="rows">Training rows; a repeated item adds its weights up.</param>
    /// <param name="options">How much to keep.</param>
    /// <param name="context">Threads and progress.</param>
    /// <param name="cancellationToken">Stops between chunks of items.</param>
    /// <remarks>With R the weights, d the sum of a user's row and c the sum of an item's column: Â = d^(−½)·R·c^(−½),
    /// and the likeness of items i and j is (ÂᵀÂ)ᵢⱼ = Σᵤ Rᵤᵢ·Rᵤⱼ / (dᵤ·√(cᵢ·cⱼ)): the linear filter of Shen et al.,
    /// <em>How Powerful is Graph Convolution for Recommendation?</em>, 2021. O(Σᵤ nᵤ²). The same bytes for any thread
    /// count.</remarks>
    public static ItemItemModel Fit(
        Interactions rows, ItemItemOptions options, FitContext context, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.Neighbours, nameof(options));
        SparseRows users = Ageing.Merge(rows, halfLifeDays: 0);
        SparseRows items = users.Transpose();
        float[] userFactors = new float[users.RowCount];
        for (int user = 0; user < userFactors.Length; user++)
        {
            userFactors[user] = users.CountOf(user) == 0 ? 0 : 1 / Kernel.Sum(users.ValuesOf(user));
        }

        float[] itemFactors = new float[items.RowCount];
        for (int item = 0; item < itemFactors.Length; item++)
        {
            itemFactors[item] = items.CountOf(item) == 0 ? 0 : 1 / MathF.Sqrt(Kernel.Sum(items.ValuesOf(item)));
        }

        void Gather(int item, RowAccumulator into)
        {
            for (int entry = items.Starts[item]; entry < items.Starts[item + 1]; entry++)
            {
                int user = items.Columns[entry];
                float share = items.Values[entry] * userFactors[user];
                ReadOnlySpan<int> others = users.ColumnsOf(user);
                ReadOnlySpan<float> weights = users.ValuesOf(user);
                for (int i = 0; i < others.Length; i++)
                {
                    into.Add(others[i], share * weights[i]);
                }
            }
        }

        return new ItemItemModel(NeighbourTrainer.Build(
            Gather, itemFactors, itemFactors, options.Neighbours, ItemShares.CountAsTieBreak(rows), context,
            cancellationToken));
    }
}
