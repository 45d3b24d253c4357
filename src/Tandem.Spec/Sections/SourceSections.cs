using Tandem.Spec.Grammar;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Sections;

/// <summary><c>entities</c> and <c>sources</c>.</summary>
internal static class SourceSections
{
    private static readonly Shape<ColumnType> Type = Shapes.OneOf(
        ("text", ColumnType.Text), ("whole", ColumnType.Whole), ("number", ColumnType.Number),
        ("flag", ColumnType.Flag),
        ("time", ColumnType.Time), ("numbers", ColumnType.NumberList), ("texts", ColumnType.TextList));

    private const int MostCharacters = 512 * 1024;

    private static readonly SectionShape<ColumnSpec> Column =
        new SectionShape<ColumnSpec>("type, required, min, max, max_length", () => new ColumnSpec { Type = ColumnType.Text })
            .Required("type", Type, s => s.Type, (s, v) => s with { Type = v },
                "Type of the values: text, whole, number, flag (true or false), time, numbers (a list, such as an " +
                "embedding) or texts (a list).")
            .Key("required", Shapes.Flag, s => s.IsRequired, (s, v) => s with { IsRequired = v },
                "True where a row without a value is put into quarantine.")
            .Key("min", new NumberShape().OrNone(), s => s.Minimum, (s, v) => s with { Minimum = v },
                "Smallest allowed value of a whole or number column; a row below goes into quarantine.")
            .Key("max", new NumberShape().OrNone(), s => s.Maximum, (s, v) => s with { Maximum = v },
                "Largest allowed value of a whole or number column; a row above goes into quarantine.")
            .Key("max_length", Shapes.Whole(1, MostCharacters).OrNone(), s => s.MaximumLength,
                (s, v) => s with { MaximumLength = v },
                "Most characters of a text (of each text in a list), or most numbers of a list; a longer row goes into " +
                "quarantine.")
            .Shorthand(Type, (s, v) => s with { Type = v }, s => s.Type)
            .Check(CheckRange);

    private static readonly SectionShape<FileNames> Files =
        new SectionShape<FileNames>("all, or train and test", () => new FileNames(null, null, null))
            .Key("all", Texts.FileName.OrNothing(), s => s.All, (s, v) => s with { All = v },
                "The one file with every row. The short form is the file name alone.")
            .Key("train", Texts.FileName.OrNothing(), s => s.Train, (s, v) => s with { Train = v },
                "File of the rows that models see, for 'split: {by: files}'.")
            .Key("test", Texts.FileName.OrNothing(), s => s.Test, (s, v) => s with { Test = v },
                "File of the rows that judge them, for 'split: {by: files}'.")
            .Shorthand(Texts.FileName, (s, v) => s with { All = v }, s => s.All!)
            .Check(CheckFiles);

    private static readonly SectionShape<ImportSpec> Import =
        new SectionShape<ImportSpec>(
            "format and files",
            () => new ImportSpec { Format = "", Files = new Dictionary<string, string>(StringComparer.Ordinal) })
            .Required(
                "format", new WordShape("adjacency", "csv", "tsv", "jsonl", "libsvm", "parquet"), s => s.Format,
                (s, v) => s with { Format = v },
                "What the files hold: adjacency has one first entity a line, followed by its second entities, " +
                "separated by spaces; libsvm has lines 'label index:value …'. Names that end in .gz or .zst are " +
                "unpacked; data.zip/part.csv is a file in an archive.")
            .Required("files", Files, s => FileNames.Of(s.Files), (s, v) => s with { Files = v.ToDictionary() },
                "File names relative to the data folder: one name, or train and test.")
            .Key("columns", Shapes.Map(Texts.Name, Texts.Any, "entity, column, time or known: column in the file"),
                s => s.Columns,
                (s, v) => s with { Columns = v },
                "Where values stand in the file, by entity, column, time or known; those not named have the same " +
                "name there. With none at all, other names are guessed and shown.")
            .Key("time_format", new WordShape("iso", "unix_s", "unix_ms").OrNothing(), s => s.TimeFormat,
                (s, v) => s with { TimeFormat = v },
                "How times are written: iso, unix_s or unix_ms. Unless given it is guessed.")
            .Key("groups", Texts.FileName.OrNothing(), s => s.Groups, (s, v) => s with { Groups = v },
                "For libsvm: a file with the number of rows of each group, one a line in the order of the rows, as " +
                "LightGBM keeps them (.query). It gives the column qid.")
            .Key("header", Shapes.Flag, s => s.HasHeader, (s, v) => s with { HasHeader = v },
                "True where the first line of CSV or TSV names the columns.");

    private static readonly Shape<string> Reason = new TextShape("a reason in words");

    private static readonly Shape<IReadOnlyList<string>> EntityNames = Shapes.List(Texts.Name, "entities", 1, 8);

    private static readonly SectionShape<SourceSpec> Source =
        new SectionShape<SourceSpec>(
            "entities, columns and where the rows come from", () => new SourceSpec())
            .Key("kind", Shapes.OneOf(("events", SourceKind.Events), ("table", SourceKind.Table)), s => s.Kind,
                (s, v) => s with { Kind = v },
                "What it holds: events (things that happened) or table (the state of one entity, with history).")
            .Key("entities", EntityNames, s => s.Entities, (s, v) => s with { Entities = v },
                "Entities that each row names, in order; a table names one. Without them a row is an example that only " +
                "its own columns describe.")
            .Key("times", Shapes.Flag, s => s.HasTimes, (s, v) => s with { HasTimes = v },
                "False for data without times: position is then the only order, and windows are refused.")
            .Key("columns", Shapes.Map(Texts.Name, Column, "name: type"), s => s.Columns,
                (s, v) => s with { Columns = v },
                "Columns beside entities and times, by name: a type, or a mapping with type, required, min, max, " +
                "max_length. A table has the flag 'deleted' besides.")
            .Key("drop", Shapes.Map(Texts.Any, Reason, "column: why"), s => s.Dropped, (s, v) => s with { Dropped = v },
                "Columns that no model may read, each with the reason, such as: known only after the outcome.")
            .Key("unknown_columns",
                Shapes.OneOf(("keep", UnknownColumns.Keep), ("refuse", UnknownColumns.Refuse)),
                s => s.UnknownColumns, (s, v) => s with { UnknownColumns = v },
                "What becomes of columns that are sent but not declared: keep them with the event, or refuse it.")
            .Key("clock_skew", Shapes.Duration(TimeSpan.Zero), s => s.ClockSkew, (s, v) => s with { ClockSkew = v },
                "How far an event's time may lie ahead of this machine's clock; further ahead it goes into quarantine.")
            .Key("import", Import.OrNothing(), s => s.Import, (s, v) => s with { Import = v },
                "How files become rows. Without it rows arrive as events, through the log.")
            .Key("description", Texts.Any, s => s.Description, (s, v) => s with { Description = v }, "One sentence.")
            .Shorthand(EntityNames, (s, v) => s with { Entities = v }, s => s.Entities);

    private static readonly SectionShape<EntitySpec> Entity =
        new SectionShape<EntitySpec>("table, group and description", () => new EntitySpec())
            .Key("table", Texts.Name.OrNothing(), s => s.Table, (s, v) => s with { Table = v },
                "Source of kind table that describes it. Unless given: the one table about it, if there is exactly " +
                "one.")
            .Key("group", Texts.Name.OrNothing(), s => s.Group, (s, v) => s with { Group = v },
                "Text column of that table by which models may group the entities, such as a category.")
            .Key("description", Texts.Any, s => s.Description, (s, v) => s with { Description = v }, "One sentence.");

    public static readonly Shape<IReadOnlyDictionary<string, SourceSpec>> Sources =
        Shapes.Map(Texts.Name, Source, "name: source", minimum: 1);

    public static readonly Shape<IReadOnlyDictionary<string, EntitySpec>> Entities =
        Shapes.Map(Texts.Name, Entity, "name: entity");

    private static void CheckRange(ColumnSpec column, Node node, Reading reading)
    {
        if (node is not MapNode map)
        {
            return;
        }

        if (column.MaximumLength is not null
            && map.Find("type")?.Value is ScalarNode { Text: "whole" or "number" or "flag" or "time" })
        {
            reading.Report(map.Find("max_length")!.Key, SpecErrors.LengthOfNoText(reading.Path));
        }

        MapEntry? bound = map.Find("max") ?? map.Find("min");
        if (bound is not null
            && map.Find("type")?.Value is ScalarNode { Text: "text" or "flag" or "time" or "numbers" or "texts" })
        {
            reading.Report(bound.Key, SpecErrors.RangeOfNoNumber(reading.Path));
        }
        else if (column.Minimum > column.Maximum)
        {
            reading.Report(
                bound!.Value, SpecErrors.EmptyRange(reading.Path, column.Minimum.Value, column.Maximum.Value));
        }
    }

    private static void CheckFiles(FileNames files, Node node, Reading reading)
    {
        bool isAll = files is { All: not null, Train: null, Test: null };
        bool isParts = files is { All: null, Train: not null };
        if (!isAll && !isParts && node is MapNode map && map.Entries.All(entry => entry.Value is ScalarNode))
        {
            reading.ReportWhole(map, SpecErrors.FileParts(reading.Path));
        }
    }

    private sealed record FileNames(string? All, string? Train, string? Test)
    {
        public static FileNames Of(IReadOnlyDictionary<string, string> files) =>
            new(files.GetValueOrDefault("all"), files.GetValueOrDefault("train"), files.GetValueOrDefault("test"));

        public Dictionary<string, string> ToDictionary()
        {
            Dictionary<string, string> files = new(StringComparer.Ordinal);
            foreach ((string part, string? name) in new[] { ("all", All), ("train", Train), ("test", Test) })
            {
                if (name is not null)
                {
                    files.Add(part, name);
                }
            }

            return files;
        }
    }
}
