using Tandem.Spec.Sections;

namespace Tandem.Spec.Rules;

/// <summary>Feature views: what they belong to, read and compute.</summary>
internal static class FeatureChecks
{
    private const string Section = "features";

    public static void Run(Checking checking)
    {
        foreach ((string name, FeatureViewSpec view) in checking.Spec.Features)
        {
            SourceSpec? source = checking.FindSource(view.Source, Section, name, "source");
            CheckEntity(name, view, source, checking);
            if (source is not null)
            {
                source = CheckColumns(name, view, source, checking);
                CheckPair(name, view, source, checking);
                source = CheckTableColumns(name, view, source, checking);
                checking.CheckConditions(view.Where, view.Source, source, Section, name, "where");
                CheckAggregates(name, view, source, checking);
            }
        }

        CheckComputed(checking);
    }

    /// <summary>The source with the columns that the view computes.</summary>
    private static SourceSpec CheckColumns(string name, FeatureViewSpec view, SourceSpec source, Checking checking)
    {
        Dictionary<string, ColumnSpec> columns = new(source.Columns, StringComparer.Ordinal);
        ExpressionScope scope = checking.KnownIn(view.Source, source);
        foreach ((string column, Expression expression) in view.Columns)
        {
            if (scope.Find(column) is not null || source.Columns.ContainsKey(column))
            {
                checking.Report(
                    checking.Places.Key(Section, name, "columns", column),
                    SpecErrors.Reserved(column, $"source '{view.Source}' has it already"));
            }
            else
            {
                ExpressionType? type = expression.TypeIn(scope, out Faults.Fault? fault, out int at);
                checking.ReportIn(checking.Places.At(Section, name, "columns", column), at, fault);
                columns[column] = new ColumnSpec
                {
                    Type = ExpressionScope.ColumnOf(type ?? ExpressionType.Nothing),
                };
            }
        }

        return source with { Columns = columns };
    }

    private static void CheckPair(string name, FeatureViewSpec view, SourceSpec source, Checking checking)
    {
        if (view.With is not { } with)
        {
            return;
        }

        Yaml.Node node = checking.Places.At(Section, name, "entity", "1");
        int dot = with.IndexOf('.', StringComparison.Ordinal);
        if (view.Entity == FeatureSection.Global || view.Entity == with || source.Kind == SourceKind.Table)
        {
            checking.Report(node, SpecErrors.NoPair(view.Entity, with));
        }
        else if (dot < 0)
        {
            CheckText(with, view.Source, source);
        }
        else
        {
            CheckTableColumn(with, view.Source, source, node, checking);
        }

        void CheckText(string column, string sourceName, SourceSpec columns)
        {
            if (checking.FindColumn(column, sourceName, columns, node) is { } type && type != ColumnType.Text)
            {
                checking.Report(node, SpecErrors.PairType(column, type));
            }
        }
    }

    /// <summary>The source with the columns that the view looks up in tables.</summary>
    private static SourceSpec CheckTableColumns(string name, FeatureViewSpec view, SourceSpec source, Checking checking)
    {
        IEnumerable<(string? Column, Yaml.Node Node)> read =
        [
            .. view.Where.Select(condition => (
                (string?)condition.Column, checking.NodeOf(condition, Section, name, "where"))),
            .. view.Aggregates.SelectMany(aggregate => new[] { ("column", aggregate.Column), ("by", aggregate.By) }
                .Select(each => (
                    each.Item2, checking.Places.At(Section, name, "aggregates", aggregate.Name, each.Item1)))),
        ];
        Dictionary<string, ColumnSpec> columns = new(source.Columns, StringComparer.Ordinal);
        foreach ((string? column, Yaml.Node node) in read)
        {
            // One that is faulted is a text as well: once reported is enough.
            if (column?.Contains('.', StringComparison.Ordinal) == true
                && columns.TryAdd(column, new ColumnSpec { Type = ColumnType.Text }))
            {
                CheckTableColumn(column, view.Source, source, node, checking);
            }
        }

        return source with { Columns = columns };
    }

    private static void CheckTableColumn(
        string name, string sourceName, SourceSpec source, Yaml.Node node, Checking checking)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        string entity = name[..dot];
        string column = name[(dot + 1)..];
        if (source.Kind == SourceKind.Table)
        {
            checking.Report(node, SpecErrors.TableLooksUp(sourceName, name));
        }
        else if (!source.Entities.Contains(entity, StringComparer.Ordinal))
        {
            checking.Report(node, SpecErrors.ViewEntity(entity, sourceName, source.Entities));
        }
        else if (checking.Spec.TableOf(entity) is not { } table)
        {
            checking.Report(node, SpecErrors.NoTable(entity, name));
        }
        else if (checking.FindColumn(column, table, checking.Spec.Sources[table], node) is { } type
            && type != ColumnType.Text)
        {
            checking.Report(node, SpecErrors.PairType(column, type));
        }
    }

    private static void CheckComputed(Checking checking)
    {
        foreach (FeatureTypeFault wrong in checking.Features.Faults)
        {
            checking.ReportIn(
                checking.Places.At(Section, wrong.View, "compute", wrong.Feature), wrong.Column, wrong.Fault);
        }
    }

    private static void CheckEntity(string name, FeatureViewSpec view, SourceSpec? source, Checking checking)
    {
        if (view.Entity is FeatureSection.Global or "")
        {
            return;
        }

        Yaml.Node node = checking.Places.At(Section, name, "entity");
        if (!checking.Spec.Entities.ContainsKey(view.Entity) && !checking.IsFaulted("entities", view.Entity))
        {
            checking.Report(
                node, SpecErrors.UnknownEntity(view.Entity, [.. checking.Spec.Entities.Keys, FeatureSection.Global]));
        }
        else if (source is { Entities.Count: > 0 } && !source.Entities.Contains(view.Entity, StringComparer.Ordinal))
        {
            checking.Report(node, SpecErrors.ViewEntity(view.Entity, view.Source, source.Entities));
        }
    }

    private static void CheckAggregates(string name, FeatureViewSpec view, SourceSpec source, Checking checking)
    {
        if (view.TimeToLive is not null)
        {
            checking.NeedTimes("A time to live", view.Source, source, checking.Places.At(Section, name, "ttl"));
        }

        foreach (AggregateSpec aggregate in view.Aggregates)
        {
            if (aggregate.Window is not null)
            {
                Yaml.Node window = checking.Places.At(Section, name, "aggregates", aggregate.Name, "window");
                checking.NeedTimes("A window", view.Source, source, window);
            }

            KnownOperator? known = checking.Vocabulary.Operators.FirstOrDefault(each => each.Name == aggregate.Operator);
            CheckColumn("column", aggregate.Column, type => Misfit(type, known));
            CheckColumn("per", aggregate.Per, type => Misfit(type, known));
            CheckColumn("weight", aggregate.Weight, NotNumber);
            CheckColumn("by", aggregate.By, type => type == ColumnType.Text ? null : "a text column or an entity");

            void CheckColumn(string key, string? column, Func<ColumnType, string?> misfit)
            {
                Yaml.Node node = checking.Places.At(Section, name, "aggregates", aggregate.Name, key);
                if (column is not null && checking.FindColumn(column, view.Source, source, node) is { } type
                    && misfit(type) is { } needed)
                {
                    checking.Report(
                        node, SpecErrors.OperatorMisfit(aggregate.Operator, column, view.Source, type, needed));
                }
            }
        }
    }

    private static string? NotNumber(ColumnType type) =>
        type is ColumnType.Whole or ColumnType.Number or ColumnType.Flag ? null : "a whole, number or flag column";

    /// <summary>What an operator needs where a type is not that; null where it is.</summary>
    private static string? Misfit(ColumnType type, KnownOperator? known) => type switch
    {
        ColumnType.NumberList or ColumnType.TextList => "a column with one value a row",
        _ when known is { NeedsNumber: true } => NotNumber(type),
        not ColumnType.Text when known is { NeedsText: true } => "a text column or an entity",
        _ => null,
    };
}
