using Tandem.Spec;
using Tandem.Workspace.Import;

namespace Tandem.Workspace.Tables;

/// <summary>What each column of a file is: a feature, a part of the label, the group, the time, a slice, or nothing.</summary>
internal sealed class TablePlan
{
    private static readonly string[] Unread = [LibsvmRows.Label, LibsvmRows.QueryId];

    /// <summary>Decides.</summary>
    /// <param name="spec">The system.</param>
    /// <param name="names">The file's columns.</param>
    /// <param name="areNumbers">For each whether all its values are numbers.</param>
    /// <exception cref="Tandem.Faults.TandemException">WSP104: a column is missing; WSP112: none is left as a
    /// feature.</exception>
    public TablePlan(SystemSpec spec, IReadOnlyList<string> names, bool[] areNumbers)
    {
        LabelSpec label = spec.Objective.Label;
        SourceSpec source = spec.Sources[label.Event];
        Names = names;
        LabelPlaces =
        [
            .. label.AnyOf.Select(static condition => condition.Column).Concat(label.Columns)
                .Distinct(StringComparer.Ordinal).Select(column => PlaceOf(column, source, names)),
        ];
        GroupPlace = label.Group is { } group ? PlaceOf(group, source, names) : -1;
        TreatmentPlace = spec.Objective.Treatment is { } treatment ? PlaceOf(treatment, source, names) : -1;
        AreGroupsBeside = source.Import!.Groups is not null;
        TimePlace = source.HasTimes ? PlaceOf("time", source, names) : -1;
        TimeFormat = source.Import.TimeFormat;
        SlicePlaces = [.. spec.Evaluation.Slices.Select(slice => (slice, PlaceOf(slice, source, names)))];
        HashSet<int> others = [.. LabelPlaces, GroupPlace, TimePlace, TreatmentPlace];
        others.UnionWith(source.Entities.Select(entity => PlaceOf(entity, source, names)));
        others.UnionWith(source.Dropped.Keys.Select(column => PlaceOf(column, source, names)));
        Dictionary<int, string> declared = [];
        foreach (string column in source.Columns.Keys)
        {
            declared.TryAdd(PlaceOf(column, source, names), column);
        }

        List<(int, TableColumn)> features = [];
        for (int place = 0; place < names.Count; place++)
        {
            if (others.Contains(place)
                || (source.Import.Format == "libsvm" && Unread.Contains(names[place], StringComparer.Ordinal)))
            {
                continue;
            }

            string? column = declared.GetValueOrDefault(place);
            ColumnType type = column is not null ? source.Columns[column].Type
                : areNumbers[place] ? ColumnType.Number : ColumnType.Text;
            if (TableColumn.Takes(type))
            {
                features.Add((place, new TableColumn(column ?? names[place], type)));
            }
        }

        Features = features.Count > 0 ? features : throw TableErrors.NoFeatures(label.Event);
    }

    /// <summary>The file's columns.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Places of the label's columns.</summary>
    public int[] LabelPlaces { get; }

    /// <summary>Place of the column that says who was treated, or -1.</summary>
    public int TreatmentPlace { get; }

    /// <summary>Place of the group, or -1.</summary>
    public int GroupPlace { get; }

    /// <summary>True where a file of its own says the groups.</summary>
    public bool AreGroupsBeside { get; }

    /// <summary>Place of the time, or -1.</summary>
    public int TimePlace { get; }

    /// <summary>How times are written, or null.</summary>
    public string? TimeFormat { get; }

    /// <summary>Slices with their places.</summary>
    public IReadOnlyList<(string Name, int Place)> SlicePlaces { get; }

    /// <summary>Features with their places.</summary>
    public IReadOnlyList<(int Place, TableColumn Column)> Features { get; }

    /// <summary>Finds a column of the design in the file: where tandem.yaml says, by its name, or, in a file without names
    /// and without anything said, by its number among the declared ones.</summary>
    private static int PlaceOf(string column, SourceSpec source, IReadOnlyList<string> names)
    {
        ImportSpec import = source.Import!;
        bool isNamed = import.Columns.TryGetValue(column, out string? named);
        bool isCounted = !isNamed && !import.HasHeader && import.Format is "csv" or "tsv" && import.Columns.Count == 0;
        int counted = isCounted ? source.Columns.Keys.TakeWhile(each => each != column).Count() : -1;
        if (isCounted && counted < Math.Min(source.Columns.Count, names.Count))
        {
            return counted;
        }

        string wanted = named ?? column;
        for (int place = 0; place < names.Count; place++)
        {
            if (names[place] == wanted)
            {
                return place;
            }
        }

        throw ImportErrors.ColumnMissing(import.Files.Values.First(), column, wanted, names);
    }
}
