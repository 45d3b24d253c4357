using Tandem.Faults;
using Tandem.Spec.Grammar;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Rules;

/// <summary>What every cross-check needs: the design, where it was written, and the report; with the lookups they
/// share.</summary>
internal sealed class Checking(SystemSpec spec, Places places, Reading reading)
{
    private const string Equality = "==";
    private const string Inequality = "!=";

    public SystemSpec Spec { get; } = spec;

    public Places Places { get; } = places;

    public SpecVocabulary Vocabulary => reading.Vocabulary;

    /// <summary>The task, or null where it was not understood.</summary>
    public LearningTask? Task { get; } = LearningTask.Find(spec.Objective.Task);

    /// <summary>What each feature gives.</summary>
    public FeatureTypes Features => field ??= FeatureTypes.Of(Spec, Vocabulary.Operators, path => IsFaulted(path));

    /// <summary>The source of labels, or null where it was not understood.</summary>
    public SourceSpec? LabelSource => Spec.Sources.GetValueOrDefault(Spec.Objective.Label.Event);

    public void Report(Node node, Fault fault) => reading.Report(node, fault);

    public void ReportWhole(Node node, Fault fault) => reading.ReportWhole(node, fault);

    /// <summary>Reports a fault at a column of an expression; nothing where there is none.</summary>
    public void ReportIn(Node node, int column, Fault? fault)
    {
        if (fault is not null)
        {
            reading.Report(ExpressionShape.MarkOf(node, column), fault);
        }
    }

    /// <summary>The names of a source in expressions; those whose declaration is faulted fit everywhere.</summary>
    public ExpressionScope KnownIn(string sourceName, SourceSpec source)
    {
        var scope = ExpressionScope.Of(source);
        return scope with
        {
            Find = name => scope.Find(name)
                ?? (IsFaulted("sources", sourceName, "columns", name) && !source.Columns.ContainsKey(name)
                    ? ExpressionType.Nothing
                    : null),
        };
    }

    /// <summary>Finds a source by the name at a place; reports a name that dangles.</summary>
    public SourceSpec? FindSource(string name, params ReadOnlySpan<string> path)
    {
        SourceSpec? source = Spec.Sources.GetValueOrDefault(name);
        if (source is null && name.Length > 0 && !IsFaulted("sources", name))
        {
            Report(Places.At(path), SpecErrors.UnknownSource(name, [.. Spec.Sources.Keys]));
        }

        return source;
    }

    /// <summary>True where a name is written in a section, although its value could not be read.</summary>
    public bool IsFaulted(params ReadOnlySpan<string> path) => Places.IsGiven(path);

    /// <summary>The type of a column, or of an entity, which is text; null, with a report, where there is
    /// neither.</summary>
    public ColumnType? FindColumn(string name, string sourceName, SourceSpec source, Node node)
    {
        if (source.Columns.TryGetValue(name, out ColumnSpec? column))
        {
            return column.Type;
        }

        if (source.Entities.Contains(name, StringComparer.Ordinal))
        {
            return ColumnType.Text;
        }

        if (!IsFaulted("sources", sourceName, "columns", name))
        {
            Report(node, SpecErrors.UnknownColumn(name, sourceName, [.. source.Columns.Keys, .. source.Entities]));
        }

        return null;
    }

    /// <summary>Where a condition of the list at a path is written.</summary>
    public Node NodeOf(ConditionSpec condition, params ReadOnlySpan<string> path)
    {
        string start = condition.Column + condition.Operator;
        return Places.Item(
            text => text.Replace(" ", "", StringComparison.Ordinal).StartsWith(start, StringComparison.Ordinal), path);
    }

    /// <summary>Checks a list of conditions on one source.</summary>
    public void CheckConditions(
        IReadOnlyList<ConditionSpec> conditions, string sourceName, SourceSpec source, params ReadOnlySpan<string> path)
    {
        foreach (ConditionSpec condition in conditions)
        {
            CheckCondition(condition, sourceName, source, NodeOf(condition, path));
        }
    }

    public void CheckCondition(ConditionSpec condition, string sourceName, SourceSpec source, Node node)
    {
        if (FindColumn(condition.Column, sourceName, source, node) is not { } type)
        {
            return;
        }

        bool isEquality = condition.Operator is Equality or Inequality;
        string column = condition.Column;
        (bool isFitting, string expected, string remedy) = type switch
        {
            ColumnType.Text =>
                (isEquality && condition.Value is string, "== or != and a text",
                    $"Write it as {column} == \"{condition.Value}\"."),
            ColumnType.Whole or ColumnType.Number =>
                (condition.Value is double, "a number to compare with", $"Write it as {column} >= 1."),
            ColumnType.Flag =>
                (isEquality && condition.Value is bool, "== or != and true or false", $"Write it as {column} == true."),
            _ => (false, "a condition on a text, whole, number or flag column", "Choose another column."),
        };
        if (!isFitting)
        {
            Report(node, SpecErrors.ConditionType(column, type, expected, remedy));
        }
    }

    /// <summary>Reports a setting that needs times on a source that has none.</summary>
    public void NeedTimes(string what, string sourceName, SourceSpec? source, Node node)
    {
        if (source is { HasTimes: false })
        {
            Report(node, SpecErrors.NeedsTimes(what, sourceName));
        }
    }
}
