using Tandem.Spec;

namespace Tandem.Workspace.Import;

/// <summary>The fields that rows of a source have: its entities, its times, its columns; and the file's column for
/// each.</summary>
internal sealed class RowFields
{
    /// <summary>The field of the event's time.</summary>
    public const string Time = "time";

    private const string Known = "known";

    public RowFields(SourceSpec source)
    {
        List<string> targets = [.. source.Entities];
        EntityCount = targets.Count;
        TimeIndex = AddWhere(targets, Time, source.HasTimes);
        KnownIndex = AddWhere(targets, Known, source.Import!.Columns.ContainsKey(Known));
        FirstColumnIndex = targets.Count;
        Columns = [.. source.Columns.Select(column => (column.Key, column.Value))];
        targets.AddRange(source.Columns.Keys);
        Targets = targets;
        FileColumns = [.. targets.Select(target => source.Import.Columns.GetValueOrDefault(target, target))];
        IsMapped = [.. targets.Select(source.Import.Columns.ContainsKey)];
        TimeFormat = source.Import.TimeFormat;
    }

    /// <summary>The fields: entities first, then times, then columns.</summary>
    public IReadOnlyList<string> Targets { get; }

    /// <summary>The file's column for each field.</summary>
    public IReadOnlyList<string> FileColumns { get; }

    /// <summary>Whether tandem.yaml names the file's column, so that its absence is an error.</summary>
    public IReadOnlyList<bool> IsMapped { get; }

    /// <summary>How many of the first fields are entities.</summary>
    public int EntityCount { get; }

    /// <summary>Which field is the event's time; -1 in data without times.</summary>
    public int TimeIndex { get; }

    /// <summary>Which field is the known time; -1 where the file has none.</summary>
    public int KnownIndex { get; }

    /// <summary>Which field is the first column.</summary>
    public int FirstColumnIndex { get; }

    /// <summary>The columns, in order.</summary>
    public IReadOnlyList<(string Name, ColumnSpec Spec)> Columns { get; }

    /// <summary>How times are written; null where it is guessed.</summary>
    public string? TimeFormat { get; }

    /// <summary>Fields whose column was guessed: field and column.</summary>
    public IReadOnlyList<(string Field, string Column)> Guesses { get; private set; } = [];

    /// <summary>Whether the column at a place holds moments, by what the file's first row has there.</summary>
    public Predicate<int> HoldsMoments(IReadOnlyList<string?> first) =>
        place => place < first.Count && first[place] is { } text && TimeText.LooksLikeMoment(text, TimeFormat);

    /// <summary>Finds where a file keeps each field.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="names">Its columns.</param>
    /// <param name="holdsMoments">Whether the column at a place holds moments.</param>
    /// <returns>For each field its place among the file's columns; -1 where the file does not have it and need
    /// not.</returns>
    /// <exception cref="Tandem.Faults.TandemException">WSP104: a column that must be there is not.</exception>
    public int[] Locate(string path, IReadOnlyList<string> names, Predicate<int> holdsMoments)
    {
        int[] places = Find(names, holdsMoments);
        for (int i = 0; i < places.Length; i++)
        {
            bool isNeeded = i < FirstColumnIndex || IsMapped[i] || Columns[i - FirstColumnIndex].Spec.IsRequired;
            if (places[i] < 0 && isNeeded)
            {
                throw ImportErrors.ColumnMissing(path, Targets[i], FileColumns[i], names);
            }
        }

        return places;
    }

    /// <summary>Finds where a file keeps each field: under its name, or, where tandem.yaml maps no column, under one
    /// that <see cref="ColumnGuess"/> finds.</summary>
    /// <param name="names">The file's columns.</param>
    /// <param name="holdsMoments">Whether the column at a place holds moments.</param>
    /// <returns>For each field its place among the file's columns, or -1.</returns>
    public int[] Find(IReadOnlyList<string> names, Predicate<int> holdsMoments)
    {
        int[] places = [.. FileColumns.Select(column => IndexOf(names, column))];
        if (IsMapped.Contains(value: true))
        {
            return places;
        }

        HashSet<int> taken = [.. places];
        List<(string Field, string Column)> guesses = [];
        for (int i = 0; i < places.Length; i++)
        {
            if (places[i] < 0)
            {
                places[i] = ColumnGuess.Find(Targets[i], i >= FirstColumnIndex, names, taken, holdsMoments);
                if (places[i] >= 0)
                {
                    taken.Add(places[i]);
                    guesses.Add((Targets[i], names[places[i]]));
                }
            }
        }

        Guesses = guesses;
        return places;
    }

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (string.Equals(names[i], name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }

    private static int AddWhere(List<string> targets, string target, bool isThere)
    {
        if (!isThere)
        {
            return -1;
        }

        targets.Add(target);
        return targets.Count - 1;
    }
}
