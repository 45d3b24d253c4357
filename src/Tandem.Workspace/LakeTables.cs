using Tandem.Lake;
using Tandem.Spec;
using Tandem.Workspace.Import;

namespace Tandem.Workspace;

/// <summary>The lake's tables, as the sources of tandem.yaml declare them.</summary>
internal static class LakeTables
{
    public static IReadOnlyList<LakeTable> From(SystemSpec spec) =>
        [.. spec.Sources.Select(source => From(source.Key, source.Value))];

    private static LakeTable From(string name, SourceSpec source) => new()
    {
        Name = name,
        Entities = source.Entities,
        Columns =
        [
            .. source.Columns.Select(column => new LakeColumn(column.Key, TypeOf(column.Value.Type))),
            .. PartColumn(source),
        ],
        HasTimes = source.HasTimes,
    };

    /// <summary>Where the data comes in parts, each row's part is a column, so that a split can ask for it.</summary>
    private static LakeColumn[] PartColumn(SourceSpec source) =>
        source.Import is { } import && !import.Files.ContainsKey("all") && !source.Columns.ContainsKey(ImportColumns.Part)
            ? [new LakeColumn(ImportColumns.Part, LakeType.Text)]
            : [];

    private static LakeType TypeOf(ColumnType type) => type switch
    {
        ColumnType.Text => LakeType.Text,
        ColumnType.Whole => LakeType.Whole,
        ColumnType.Number => LakeType.Number,
        ColumnType.Flag => LakeType.Flag,
        ColumnType.Time => LakeType.Time,
        ColumnType.NumberList => LakeType.NumberList,
        ColumnType.TextList => LakeType.TextList,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
