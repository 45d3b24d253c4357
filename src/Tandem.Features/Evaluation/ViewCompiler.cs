using Tandem.Faults;
using Tandem.Spec;

namespace Tandem.Features.Evaluation;

/// <summary>Checks a view of a system and types its features.</summary>
internal sealed class ViewCompiler(string name, FeatureViewSpec view, SystemSpec system, List<Fault> faults)
{
    private const int LargestK = 1000;

    private readonly List<SourceColumn> _columns = [];

    /// <summary>The columns that the view reads beside those of its source: computed, or looked up in tables.</summary>
    public IReadOnlyList<SourceColumn> Columns => _columns;

    /// <summary>The pair that values belong to; null for an entity.</summary>
    public PairKey? Pair { get; private set; }

    /// <summary>Gives the features; faults are added to the list.</summary>
    public IReadOnlyList<FeatureDefinition> Compile()
    {
        if (!system.Sources.TryGetValue(view.Source, out SourceSpec? source))
        {
            faults.Add(FeaturesErrors.UnknownSource(name, view.Source));
            return [];
        }

        if (view.Entity != FeatureView.GlobalEntity && !source.Entities.Contains(view.Entity, StringComparer.Ordinal))
        {
            faults.Add(FeaturesErrors.UnknownEntity(name, view.Entity, view.Source));
        }

        CompileColumns(source);
        if (view.With is not null)
        {
            CompilePair(view.With, source);
        }

        foreach (ConditionSpec condition in view.Where)
        {
            string place = $"features.{name}.where";
            if (Find(source, condition.Column) is not SourceColumn column)
            {
                faults.Add(FeaturesErrors.UnknownColumn(name, condition.Column, view.Source, place));
            }
            else if (RowCondition.Refusal(column, condition) is string why)
            {
                faults.Add(FeaturesErrors.WrongCondition(place, condition.Column, why));
            }
        }

        return [.. view.Aggregates.SelectMany(aggregate => CompileAggregate(source, aggregate))];
    }

    private void CompileColumns(SourceSpec source)
    {
        var scope = ExpressionScope.Of(source);
        foreach ((string column, Expression expression) in view.Columns.OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            string place = $"features.{name}.columns.{column}";
            if (SourceColumn.FindInput(source, column) is not null)
            {
                faults.Add(FeaturesErrors.ColumnTaken(name, column, view.Source, place));
            }
            else if (expression.TypeIn(scope, out Fault? fault) is { } type)
            {
                _columns.Add(SourceColumn.Computed(column, expression, type));
            }
            else
            {
                faults.Add(fault! with { Place = place });
            }
        }
    }

    private void CompilePair(string with, SourceSpec source)
    {
        TableColumn? attribute = null;
        string? missing = null;
        bool isLookedUp = with.Contains('.', StringComparison.Ordinal);
        if (isLookedUp)
        {
            attribute = TableColumn.Find(system, (view.Source, source), with, out missing);
        }

        string? entity = attribute?.Entity ?? (source.Entities.Contains(with, StringComparer.Ordinal) ? with : null);
        ColumnSpec? said = FeatureView.ImpressionOf(system)?.Source.Columns.GetValueOrDefault(with);
        string? why = view.Entity == FeatureView.GlobalEntity || view.Entity == with || source.Kind == SourceKind.Table
            ? "it is no pair of an events source"
            : isLookedUp ? missing
            : Find(source, with) is { IsText: true } ? null
            : $"source '{view.Source}' has no text '{with}'";
        if (why is not null)
        {
            faults.Add(FeaturesErrors.WrongPair(name, view.Entity, with, why));
            return;
        }

        Pair = new PairKey(view.Entity, with)
        {
            Entity = entity,
            Attribute = attribute,
            Request = entity is null && said is { Type: ColumnType.Text } ? with : null,
        };
    }

    /// <summary>Finds a column of the source, one that the view computes, or one of the table about an entity.</summary>
    private SourceColumn? Find(SourceSpec source, string name)
    {
        SourceColumn? column = SourceColumn.Find(source, name) ?? _columns.Find(each => each.Name == name);
        if (column is null && name.Contains('.', StringComparison.Ordinal)
            && TableColumn.Find(system, (view.Source, source), name, out _) is { } attribute)
        {
            column = SourceColumn.OfTable(attribute);
            _columns.Add(column);
        }

        return column;
    }

    private IEnumerable<FeatureDefinition> CompileAggregate(SourceSpec source, AggregateSpec aggregate)
    {
        FeatureOperator? known = FeatureOperators.Find(aggregate.Operator);
        if (known is null)
        {
            faults.Add(FeaturesErrors.WrongOperator(name, aggregate.Name, aggregate.Operator));
            return [];
        }

        SourceColumn? column = null;
        string?[] read = [known.NeedsColumn ? aggregate.Column ?? "" : null, aggregate.Per, aggregate.Weight, aggregate.By];
        foreach (string each in read.OfType<string>())
        {
            SourceColumn? found = Find(source, each);
            column ??= found;
            if (found is null)
            {
                faults.Add(FeaturesErrors.UnknownColumn(
                    name, each, view.Source, $"features.{name}.aggregates.{aggregate.Name}"));
                return [];
            }
        }

        (string Why, string Remedy)? refusal =
            Refusal(known, aggregate, known.NeedsColumn ? column : null, source);
        if (refusal is not null)
        {
            faults.Add(FeaturesErrors.WrongUse(name, aggregate.Name, refusal.Value.Why, refusal.Value.Remedy));
            return [];
        }

        var feature = new FeatureDefinition
        {
            Name = aggregate.Name,
            Operator = known,
            Spec = aggregate,
            Kind = known.Reads == OperatorInput.Anything && column is { IsText: true } ? FeatureKind.Text : known.Kind,
        };
        return aggregate.By is not { } by
            ? [feature]
            : aggregate.Values.Select(value => feature with
            {
                Name = $"{aggregate.Name}.{value}",
                Only = new ConditionSpec { Column = by, Operator = "==", Value = value },
            });
    }

    private (string Why, string Remedy)? Refusal(
        FeatureOperator known, AggregateSpec aggregate, SourceColumn? column, SourceSpec source)
    {
        if (!source.HasTimes && (aggregate.Window is not null || known.Name is "age" or "sequence" || aggregate.HalfLife is not null))
        {
            return ("its source has no times, so nothing has an age or lies in a window", "Leave it out.");
        }

        if (aggregate.Window <= TimeSpan.Zero || aggregate.HalfLife <= TimeSpan.Zero)
        {
            return ("a length of time is not positive", "Give one such as 7d, or no window for all time.");
        }

        if (aggregate.K is < 1 or > LargestK)
        {
            return ($"k is {aggregate.K}", $"Choose k from 1 to {LargestK}.");
        }

        if (aggregate.Quantile is < 0 or > 1)
        {
            return ($"quantile is {aggregate.Quantile}", "Choose a number from 0 to 1.");
        }

        if (known.Needs.FirstOrDefault(key => key == "per" ? aggregate.Per is null : aggregate.HalfLife is null)
            is { } missing)
        {
            return ($"'{missing}' is missing", $"Give '{missing}'.");
        }

        SourceColumn? other = (aggregate.Per ?? aggregate.Weight) is { } name ? Find(source, name) : null;
        SourceColumn? by = aggregate.By is null ? null : Find(source, aggregate.By);
        return (known.Reads, column) switch
        {
            (OperatorInput.Nothing, _) when aggregate.Column is not null =>
                ($"{known.Name} reads no column", "Leave the column out, or add a condition under 'where'."),
            (_, { IsList: true }) => ($"'{column.Name}' is a list", "Use a column with one value in a row."),
            (OperatorInput.Number, { IsNumber: false }) =>
                ($"'{column.Name}' holds no numbers", "Use a whole, number or flag column."),
            (OperatorInput.Text, { IsText: false }) =>
                ($"'{column.Name}' holds no ids", "Use an entity or a text column."),
            _ when other is { IsNumber: false } =>
                ($"'{other.Name}' holds no numbers", "Use a whole, number or flag column."),
            _ when by is { IsText: false } => ($"'{by.Name}' holds no texts", "Use an entity or a text column."),
            _ => null,
        };
    }
}
