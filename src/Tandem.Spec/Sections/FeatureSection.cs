using Tandem.Spec.Grammar;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Sections;

/// <summary><c>features</c>.</summary>
internal static class FeatureSection
{
    /// <summary>The entity of features that belong to nobody in particular.</summary>
    public const string Global = "global";

    private static readonly SectionShape<AggregateSpec> Aggregate =
        new SectionShape<AggregateSpec>(
            "operator, column, window", () => new AggregateSpec { Name = "", Operator = "" })
            .Required("operator", Words.Operator, s => s.Operator, (s, v) => s with { Operator = v },
                "What is computed, such as count, sum, mean, last, last_k.")
            .Key("column", Texts.Name.OrNothing(), s => s.Column, (s, v) => s with { Column = v },
                "Column, or entity, that the operator reads; none for count.")
            .Key("window", Shapes.Window.OrNone(), s => s.Window, (s, v) => s with { Window = v },
                "How far back it looks. Without it: all time.")
            .Key("k", Shapes.Whole(1, 1000), s => s.K, (s, v) => s with { K = v },
                "How many values last_k keeps.")
            .Shorthand(new AggregateTextShape(), (_, v) => v, s => s)
            .Check(CheckOperator);

    private static readonly Shape<IReadOnlyList<AggregateSpec>> Aggregates =
        new MappedShape<IReadOnlyDictionary<string, AggregateSpec>, IReadOnlyList<AggregateSpec>>(
            Shapes.Map(Texts.Name, Aggregate, "name: feature", minimum: 1),
            named => [.. named.Select(pair => pair.Value with { Name = pair.Key })],
            list => list.ToDictionary(each => each.Name, StringComparer.Ordinal));

    private static readonly SectionShape<FeatureViewSpec> View =
        new SectionShape<FeatureViewSpec>(
            "entity, source and aggregates", () => new FeatureViewSpec { Entity = "", Source = "", Aggregates = [] })
            .Required("entity", Texts.Name, s => s.Entity, (s, v) => s with { Entity = v },
                "Entity that the values belong to, or global.")
            .Required("source", Texts.Name, s => s.Source, (s, v) => s with { Source = v },
                "Source of the events, or the table.")
            .Key("where", Words.Conditions, s => s.Where, (s, v) => s with { Where = v },
                "Only rows for which all of these conditions hold.")
            .Key("ttl", Shapes.Window.OrNone(), s => s.TimeToLive, (s, v) => s with { TimeToLive = v },
                "Age of the newest row beyond which values are missing. Without it: no limit.")
            .Required("aggregates", Aggregates, s => s.Aggregates, (s, v) => s with { Aggregates = v },
                "The features by name: one line such as 'mean watch_fraction over 7d', or a mapping.")
            .Key("owner", Texts.Any, s => s.Owner, (s, v) => s with { Owner = v }, "Who answers for it.")
            .Key("description", Texts.Any, s => s.Description, (s, v) => s with { Description = v }, "One sentence.");

    public static readonly Shape<IReadOnlyDictionary<string, FeatureViewSpec>> Views =
        Shapes.Map(Texts.Name, View, "name: view");

    private static void CheckOperator(AggregateSpec aggregate, Node node, Reading reading)
    {
        if (aggregate.Operator.Length == 0)
        {
            return;
        }

        KnownOperator? known = reading.Vocabulary.Operators.FirstOrDefault(each => each.Name == aggregate.Operator);
        if (known is null)
        {
            string name = ScalarNode.Quote(aggregate.Operator);
            reading.Report(
                node, SpecErrors.UnknownOperator(name, [.. reading.Vocabulary.Operators.Select(each => each.Name)]));
        }
        else if (known.NeedsColumn != aggregate.Column is not null)
        {
            reading.ReportWhole(node, SpecErrors.OperatorColumn(known.Name, known.NeedsColumn, reading.Path));
        }
        else if (
            aggregate.K is < 1 or > 1000
                || (!known.TakesK && aggregate.K != new AggregateSpec { Name = "", Operator = "" }.K))
        {
            reading.ReportWhole(node, SpecErrors.OperatorCount(known.Name, aggregate.K, known.TakesK, reading.Path));
        }
    }
}
