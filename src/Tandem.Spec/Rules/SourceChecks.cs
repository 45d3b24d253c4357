using Tandem.Spec.Sections;

namespace Tandem.Spec.Rules;

/// <summary>Entities and sources.</summary>
internal static class SourceChecks
{
    private const string Time = "time";
    private const string Known = "known";

    /// <summary>Columns that every row has in the lake and in the log.</summary>
    private static readonly string[] Reserved =
    [
        "event_id", "log_position", "event_time", "known_time", "tenant", "request_id", "position", "propensity",
        "model_version", "features", "extra", Time, Known,
    ];

    public static void Run(Checking checking)
    {
        foreach ((string name, EntitySpec entity) in checking.Spec.Entities)
        {
            CheckEntity(name, entity, checking);
        }

        foreach ((string name, SourceSpec source) in checking.Spec.Sources)
        {
            CheckEntities(name, source, checking);
            CheckColumns(name, source, checking);
            CheckImport(name, source, checking);
        }
    }

    private static void CheckEntity(string name, EntitySpec entity, Checking checking)
    {
        if (name == FeatureSection.Global || Reserved.Contains(name, StringComparer.Ordinal))
        {
            checking.Report(
                checking.Places.Key("entities", name), SpecErrors.Reserved(name, "every row or view has it already"));
        }

        if (entity.Table is not { } table
            || checking.FindSource(table, "entities", name, "table") is not { } source)
        {
            return;
        }

        if (source.Kind != SourceKind.Table || !source.Entities.Contains(name, StringComparer.Ordinal))
        {
            checking.Report(checking.Places.At("entities", name, "table"), SpecErrors.NotATable(table, name));
        }

        if (entity.Group is { } group
            && checking.FindColumn(group, table, source, checking.Places.At("entities", name, "group")) is { } type
            && type != ColumnType.Text)
        {
            checking.Report(checking.Places.At("entities", name, "group"), SpecErrors.GroupType(group, type));
        }
    }

    private static void CheckEntities(string name, SourceSpec source, Checking checking)
    {
        foreach (string entity in source.Entities)
        {
            if (!checking.Spec.Entities.ContainsKey(entity) && !checking.IsFaulted("entities", entity))
            {
                Yaml.Node node = checking.Places.IsGiven("sources", name, "entities")
                    ? checking.Places.Item(text => text == entity, "sources", name, "entities")
                    : checking.Places.Item(text => text == entity, "sources", name);
                checking.Report(node, SpecErrors.UnknownEntity(entity, [.. checking.Spec.Entities.Keys]));
            }
        }

        if (source.Kind == SourceKind.Table && source.Entities.Count != 1)
        {
            checking.ReportWhole(
                checking.Places.At("sources", name, "entities"), SpecErrors.TableEntities(name, source.Entities.Count));
        }
    }

    private static void CheckColumns(string name, SourceSpec source, Checking checking)
    {
        foreach (string column in source.Columns.Keys)
        {
            if (Reserved.Contains(column, StringComparer.Ordinal))
            {
                checking.Report(
                    checking.Places.Key("sources", name, "columns", column),
                    SpecErrors.Reserved(column, "every row has it already"));
            }
            else if (source.Entities.Contains(column, StringComparer.Ordinal))
            {
                checking.Report(
                    checking.Places.Key("sources", name, "columns", column),
                    SpecErrors.Reserved(column, "it is an entity of this source"));
            }
            else if (source.Kind == SourceKind.Table && column == SourceSpec.DeletedColumn
                && source.Columns[column] is not { Type: ColumnType.Flag, IsRequired: false })
            {
                checking.Report(
                    checking.Places.Key("sources", name, "columns", column),
                    SpecErrors.Reserved(column, "in a table it is the optional flag of an entity that is gone"));
            }
        }
    }

    private static void CheckImport(string name, SourceSpec source, Checking checking)
    {
        if (source.Import is not { } import)
        {
            return;
        }

        if (import.Format == "adjacency" && (source.Entities.Count != 2 || source.HasTimes || source.Columns.Count > 0))
        {
            checking.Report(checking.Places.At("sources", name, "import", "format"), SpecErrors.Adjacency(name));
        }

        foreach (string target in import.Columns.Keys)
        {
            Yaml.Node key = checking.Places.Key("sources", name, "import", "columns", target);
            if (target is Time or Known)
            {
                checking.NeedTimes($"The target '{target}'", name, source, key);
            }
            else if (!source.Columns.ContainsKey(target) && !source.Entities.Contains(target, StringComparer.Ordinal)
                && !checking.IsFaulted("sources", name, "columns", target))
            {
                checking.Report(
                    key, SpecErrors.UnknownColumn(
                        target, name, [.. source.Entities, .. source.Columns.Keys, Time, Known]));
            }
        }
    }
}
