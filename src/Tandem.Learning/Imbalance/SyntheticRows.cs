using Tandem.Numerics;

namespace Tandem.Learning.Imbalance;

/// <summary>Rows made up between two others.</summary>
internal static class SyntheticRows
{
    private const int RowsAtOnce = 1024;

    /// <summary>Puts new positives behind rows: x + step·(partner − x) for numbers.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="bases">Number of the row x that each new one begins from; its sparse part and weight are taken
    /// over.</param>
    /// <param name="partners">Number of the row that it lies towards, as long.</param>
    /// <param name="steps">How far, 0 to 1, as long.</param>
    /// <param name="categories">For each row by its number, as a base, the value of each column of categories; null where
    /// there are none.</param>
    /// <param name="context">Threads.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    public static LabelledRows Append(
        LabelledRows rows, int[] bases, int[] partners, double[] steps, IReadOnlyDictionary<int, float[]>? categories,
        FitContext context, CancellationToken cancellationToken)
    {
        int dense = rows.DenseCount;
        int[] sources = new int[rows.Count + bases.Length];
        for (int row = 0; row < sources.Length; row++)
        {
            sources[row] = row < rows.Count ? row : bases[row - rows.Count];
        }

        // A row that is made up does not stand with its group.
        LabelledRows all = rows.Take(sources) with { Groups = [] };
        ParallelChunks.Run(
            bases.Length, RowsAtOnce, context.ThreadCount, static () => 0,
            (_, _, start, end) =>
            {
                for (int i = start; i < end; i++)
                {
                    ReadOnlySpan<float> towards = rows.Dense.AsSpan(partners[i] * dense, dense);
                    Span<float> made = all.Dense.AsSpan((rows.Count + i) * dense, dense);
                    for (int column = 0; column < dense; column++)
                    {
                        double from = made[column];
                        made[column] = (float)(from + (steps[i] * (towards[column] - from)));
                    }

                    if (categories is not null)
                    {
                        Vote(rows, categories[bases[i]], made);
                    }
                }
            },
            cancellationToken);
        return all;
    }

    /// <summary>The commonest category of each column of categories among a row's neighbours; where several are, its own if
    /// it is one of them, else the lowest.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="row">Number of the row.</param>
    /// <param name="neighbours">Numbers of its neighbours.</param>
    public static float[] Commonest(LabelledRows rows, int row, ReadOnlySpan<int> neighbours)
    {
        List<float> found = [];
        Dictionary<float, int> counts = [];
        for (int column = 0; column < rows.DenseCount; column++)
        {
            if (!NeighbourSpace.IsCategory(rows, column))
            {
                continue;
            }

            counts.Clear();
            foreach (int neighbour in neighbours)
            {
                float category = rows.Dense[(neighbour * rows.DenseCount) + column];
                counts[category] = counts.GetValueOrDefault(category) + 1;
            }

            float own = rows.Dense[(row * rows.DenseCount) + column];
            int most = counts.Values.Max();
            found.Add(
                counts.GetValueOrDefault(own) == most
                    ? own
                    : counts.Where(pair => pair.Value == most).Min(static pair => pair.Key));
        }

        return [.. found];
    }

    private static void Vote(LabelledRows rows, float[] categories, Span<float> made)
    {
        int next = 0;
        for (int column = 0; column < made.Length; column++)
        {
            if (NeighbourSpace.IsCategory(rows, column))
            {
                made[column] = categories[next++];
            }
        }
    }
}
