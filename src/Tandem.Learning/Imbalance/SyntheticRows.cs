using Tandem.Numerics;

namespace Tandem.Learning.Imbalance;

/// <summary>Rows made up between two others.</summary>
internal static class SyntheticRows
{
    private const int RowsAtOnce = 1024;

    /// <summary>Puts new positives behind rows: x + step·(partner − x) for numbers.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="bases">Number of the row x that each new one begins from; its weight, and what of its sparse part stands
    /// for no category, are taken over.</param>
    /// <param name="partners">Number of the row that it lies towards, as long.</param>
    /// <param name="steps">How far, 0 to 1, as long.</param>
    /// <param name="categories">What of the rows is a category.</param>
    /// <param name="voted">For each row by its number, as a base, its categories; empty where there are none.</param>
    /// <param name="context">Threads.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    public static LabelledRows Append(
        LabelledRows rows, int[] bases, int[] partners, double[] steps, RowCategories categories,
        IReadOnlyDictionary<int, int[]> voted, FitContext context, CancellationToken cancellationToken)
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
                    Span<float> made = all.Dense.AsSpan((rows.Count + i) * dense, dense);
                    Kernel.MoveTowards(steps[i], rows.Dense.AsSpan(partners[i] * dense, dense), made);
                    for (int category = 0; category < categories.Dense.Length; category++)
                    {
                        made[categories.Dense[category]] = voted[bases[i]][category];
                    }
                }
            },
            cancellationToken);
        return categories.HasSparse ? WithSparse(all, rows.Count, bases, categories, voted) : all;
    }

    /// <summary>The commonest of each of the categories among a row's neighbours; where several are, its own if it is one of
    /// them, else the lowest.</summary>
    /// <param name="categories">Categories of all rows.</param>
    /// <param name="row">Number of the row.</param>
    /// <param name="neighbours">Numbers of its neighbours.</param>
    public static int[] Commonest(RowCategories categories, int row, ReadOnlySpan<int> neighbours)
    {
        int[] found = new int[categories.Count];
        Dictionary<int, int> counts = [];
        for (int i = 0; i < found.Length; i++)
        {
            counts.Clear();
            foreach (int neighbour in neighbours)
            {
                int category = categories.Of(neighbour)[i];
                counts[category] = counts.GetValueOrDefault(category) + 1;
            }

            int own = categories.Of(row)[i];
            int most = counts.Values.Max();
            found[i] = counts.GetValueOrDefault(own) == most
                ? own
                : counts.Where(pair => pair.Value == most).Min(static pair => pair.Key);
        }

        return found;
    }

    /// <summary>Puts the sparse columns of the commonest categories in the place of those of the rows that new ones begin
    /// from.</summary>
    private static LabelledRows WithSparse(
        LabelledRows all, int before, int[] bases, RowCategories categories, IReadOnlyDictionary<int, int[]> voted)
    {
        int first = all.Starts[before];
        List<int> columns = [.. all.Columns.AsSpan(0, first)];
        List<float> values = [.. all.Values.AsSpan(0, first)];
        int[] starts = [.. all.Starts];
        for (int i = 0; i < bases.Length; i++)
        {
            for (int entry = all.Starts[before + i]; entry < all.Starts[before + i + 1]; entry++)
            {
                if (!categories.IsCategory(all.Columns[entry]))
                {
                    columns.Add(all.Columns[entry]);
                    values.Add(all.Values[entry]);
                }
            }

            foreach (int column in voted[bases[i]].AsSpan(categories.Dense.Length))
            {
                if (column != RowCategories.None)
                {
                    columns.Add(column);
                    values.Add(categories.ValueOf(column));
                }
            }

            starts[before + i + 1] = columns.Count;
        }

        return all with { Starts = starts, Columns = [.. columns], Values = [.. values] };
    }
}
