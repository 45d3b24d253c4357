using Tandem.Faults;
using Tandem.Spec;

namespace Tandem.Features.Evaluation;

/// <summary>Checks the views of a system and types their features.</summary>
internal static class ViewCompiler
{
    private const int LargestK = 1000;

    public static IReadOnlyList<FeatureDefinition> Compile(
        string name, FeatureViewSpec view, SystemSpec system, List<Fault> faults)
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

        foreach (ConditionSpec condition in view.Where)
        {
            string place = $"features.{name}.where";
            if (SourceColumn.Find(source, condition.Column) is not SourceColumn column)
            {
                faults.Add(FeaturesErrors.UnknownColumn(name, condition.Column, view.Source, place));
            }
            else if (RowCondition.Refusal(column, condition) is string why)
            {
                faults.Add(FeaturesErrors.WrongCondition(place, condition.Column, why));
            }
        }

        var features = new List<FeatureDefinition>();
        foreach (AggregateSpec aggregate in view.Aggregates)
        {
            if (CompileAggregate(name, view, source, aggregate, faults) is FeatureDefinition feature)
            {
                features.Add(feature);
            }
        }

        return features;
    }

    private static FeatureDefinition? CompileAggregate(
        string view, FeatureViewSpec spec, SourceSpec source, AggregateSpec aggregate, List<Fault> faults)
    {
        FeatureOperator? known = FeatureOperators.All.FirstOrDefault(o => o.Name == aggregate.Operator);
        if (known is null)
        {
            faults.Add(FeaturesErrors.WrongOperator(view, aggregate.Name, aggregate.Operator));
            return null;
        }

        SourceColumn? column = aggregate.Column is null ? null : SourceColumn.Find(source, aggregate.Column);
        if (known.NeedsColumn && column is null)
        {
            faults.Add(FeaturesErrors.UnknownColumn(
                view, aggregate.Column, spec.Source, $"features.{view}.aggregates.{aggregate.Name}"));
            return null;
        }

        (string Why, string Remedy)? refusal = Refusal(known, aggregate, column, source);
        if (refusal is not null)
        {
            faults.Add(FeaturesErrors.WrongUse(view, aggregate.Name, refusal.Value.Why, refusal.Value.Remedy));
            return null;
        }

        FeatureKind kind = known.Name switch
        {
            "last_k" => FeatureKind.Ids,
            "last" when column is { IsText: true } => FeatureKind.Text,
            _ => FeatureKind.Number,
        };
        int k = kind == FeatureKind.Ids ? aggregate.K : 1;
        return new FeatureDefinition(
            aggregate.Name, known.Name, known.NeedsColumn ? aggregate.Column : null, aggregate.Window, k, kind);
    }

    private static (string Why, string Remedy)? Refusal(
        FeatureOperator known, AggregateSpec aggregate, SourceColumn? column, SourceSpec source)
    {
        if (aggregate.Window is not null && !source.HasTimes)
        {
            return ("its source has no times, so nothing lies in a window", "Leave the window out.");
        }

        if (aggregate.Window <= TimeSpan.Zero)
        {
            return ("its window is not positive", "Give a window such as 7d, or none for all time.");
        }

        if (known.Name == "last_k" && aggregate.K is < 1 or > LargestK)
        {
            return ($"k is {aggregate.K}", $"Choose k from 1 to {LargestK}.");
        }

        return (known.Name, column) switch
        {
            ("count", _) when aggregate.Column is not null =>
                ("count reads no column", "Leave the column out, or add a condition under 'where'."),
            (_, { IsList: true }) => ($"'{column.Name}' is a list", "Use a column with one value in a row."),
            ("sum" or "mean", { IsNumber: false }) =>
                ($"'{column.Name}' holds no numbers", "Use a whole, number or flag column."),
            ("last_k", { IsText: false }) =>
                ($"'{column.Name}' holds no ids", "Use an entity or a text column."),
            _ => null,
        };
    }
}
