using Tandem.Learning.Popularity;
using Tandem.Numerics;

namespace Tandem.Learning.GraphFilter;

/// <summary>Prepares the filters of a <see cref="GraphFilterModel"/>: nothing is learned by gradient.</summary>
public static class GraphFilterTrainer
{
    /// <summary>Normalises the user-item matrix and finds its leading directions.</summary>
    /// <param name="rows">Training rows; a repeated item adds its weights up.</param>
    /// <param name="options">Settings.</param>
    /// <param name="context">Seed, threads, progress.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <remarks>With R the weights, d the sum of a user's row and c the sum of an item's column: Â = d^(−½)·R·c^(−½),
    /// P = ÂᵀÂ, and V its leading eigenvectors. O(iterations·(rows·k + items·k²)). The same bytes for any thread
    /// count.</remarks>
    public static GraphFilterModel Fit(
        Interactions rows, GraphFilterOptions options, FitContext context, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.Factors, nameof(options));
        SparseRows users = Ageing.Merge(rows, halfLifeDays: 0);
        float[] itemWeights = new float[rows.ItemCount];
        for (int entry = 0; entry < users.Columns.Length; entry++)
        {
            itemWeights[users.Columns[entry]] += users.Values[entry];
        }

        for (int user = 0; user < users.RowCount; user++)
        {
            float userWeight = Kernel.Sum(users.ValuesOf(user));
            for (int entry = users.Starts[user]; entry < users.Starts[user + 1]; entry++)
            {
                users.Values[entry] /= MathF.Sqrt(userWeight * itemWeights[users.Columns[entry]]);
            }
        }

        Matrix? directions = options.Factors == 0 || options.IdealWeight == 0
            ? null
            : LeadingSubspace.Find(
                users, options.Factors, options.Iterations, context.Seed, context.ThreadCount, cancellationToken)
                .Vectors;
        context.Progress?.Report(1);
        return new GraphFilterModel(
            users, itemWeights, directions ?? new Matrix(rows.ItemCount, 1),
            directions is null ? 0 : (float)options.IdealWeight, (float)options.Sharpening, ItemShares.CountAsTieBreak(rows));
    }
}
