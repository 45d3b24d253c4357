namespace Tandem.Features;

/// <summary>What tells one training set from another.</summary>
/// <param name="Before">Hash of the first.</param>
/// <param name="After">Hash of the second.</param>
/// <param name="Views">Views whose definition differs, or that only one set has.</param>
/// <param name="Shared">Rows of both: equal ids and moment.</param>
/// <param name="OnlyBefore">Rows of the first alone.</param>
/// <param name="OnlyAfter">Rows of the second alone.</param>
/// <param name="Labels">Shared rows whose label differs.</param>
/// <param name="Columns">Features of either set, in the order of the first, then of the second.</param>
public sealed record TrainingSetDifference(
    string Before, string After, IReadOnlyList<ViewDifference> Views, int Shared, int OnlyBefore, int OnlyAfter,
    int Labels, IReadOnlyList<ColumnDifference> Columns)
{
    /// <summary>True where the sets agree in views, rows, labels and values; what they were read from may still
    /// differ.</summary>
    public bool IsNone => Views.Count == 0 && OnlyBefore == 0 && OnlyAfter == 0 && Labels == 0
        && Columns.All(static column => column is { Changed: 0, OnlyIn: null });

    /// <summary>Compares two sets. Rows are matched by ids and moment; of several, the first by the first. O(rows ·
    /// features).</summary>
    /// <param name="before">The first.</param>
    /// <param name="after">The second.</param>
    public static TrainingSetDifference Of(TrainingSet before, TrainingSet after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        List<(int Before, int After)> pairs = Pairs(before, after);
        return new TrainingSetDifference(
            before.Hash, after.Hash, [.. ViewsOf(before.Description, after.Description)],
            pairs.Count, before.RowCount - pairs.Count, after.RowCount - pairs.Count,
            pairs.Count(pair => !LabelOf(before, pair.Before).Equals(LabelOf(after, pair.After))),
            [
                .. before.Description.Features.Union(after.Description.Features, StringComparer.Ordinal)
                    .Select(name => ColumnOf(name, before, after, pairs)),
            ]);
    }

    private static List<(int Before, int After)> Pairs(TrainingSet before, TrainingSet after)
    {
        Dictionary<string, Queue<int>> rows = new(StringComparer.Ordinal);
        for (int row = 0; row < before.RowCount; row++)
        {
            string key = before.Spine.KeyOf(row);
            if (!rows.TryGetValue(key, out Queue<int>? same))
            {
                rows[key] = same = new Queue<int>();
            }

            same.Enqueue(row);
        }

        List<(int Before, int After)> pairs = [];
        for (int row = 0; row < after.RowCount; row++)
        {
            if (rows.TryGetValue(after.Spine.KeyOf(row), out Queue<int>? same) && same.TryDequeue(out int other))
            {
                pairs.Add((other, row));
            }
        }

        return pairs;
    }

    private static IEnumerable<ViewDifference> ViewsOf(TrainingSetDescription before, TrainingSetDescription after) =>
        from name in before.Views.Keys.Union(after.Views.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
        let old = before.Views.GetValueOrDefault(name)
        let now = after.Views.GetValueOrDefault(name)
        where old != now
        select new ViewDifference(
            name, old, now,
            ChangesOf(before.Definitions?.GetValueOrDefault(name), after.Definitions?.GetValueOrDefault(name)));

    private static DefinitionChange[]? ChangesOf(
        IReadOnlyDictionary<string, string>? before, IReadOnlyDictionary<string, string>? after) =>
        before is null || after is null
            ? null
            : [
                .. from key in before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
                   let old = before.GetValueOrDefault(key)
                   let now = after.GetValueOrDefault(key)
                   where old != now
                   select new DefinitionChange(key, old, now),
            ];

    private static ColumnDifference ColumnOf(
        string name, TrainingSet before, TrainingSet after, List<(int Before, int After)> pairs)
    {
        int old = before.IndexOf(name);
        int now = after.IndexOf(name);
        if (old < 0 || now < 0)
        {
            return new ColumnDifference(name, old < 0 ? "after" : "before", 0, 0, null, null);
        }

        int changed = 0;
        int nulls = 0;
        int both = 0;
        double apart = 0;
        double largest = 0;
        foreach ((int b, int a) in pairs)
        {
            float first = before.Row(b)[old];
            float second = after.Row(a)[now];
            if (first.Equals(second))
            {
                continue;
            }

            changed++;
            if (float.IsNaN(first) || float.IsNaN(second))
            {
                nulls++;
                continue;
            }

            both++;
            apart += Math.Abs((double)first - second);
            largest = Math.Max(largest, Math.Abs((double)first - second));
        }

        return new ColumnDifference(
            name, null, changed, nulls, both == 0 ? null : apart / both, both == 0 ? null : largest);
    }

    private static float LabelOf(TrainingSet set, int row) =>
        set.Spine.Labels.Length == 0 ? float.NaN : set.Spine.Labels[row];
}
