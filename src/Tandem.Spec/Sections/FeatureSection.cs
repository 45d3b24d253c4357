using Tandem.Spec.Grammar;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Sections;

/// <summary><c>features</c>.</summary>
internal static class FeatureSection
{
    /// <summary>The entity of features that belong to nobody in particular.</summary>
    public const string Global = "global";

    private const int LargestK = 1000;

    private static readonly SectionShape<AggregateSpec> Aggregate =
        new SectionShape<AggregateSpec>(
            "operator, column, window", () => new AggregateSpec { Name = "", Operator = "" })
            .Required("operator", Words.Operator, s => s.Operator, (s, v) => s with { Operator = v },
                "What is computed, such as count, mean, unique or last_k; docs/features.md lists all.")
            .Key("column", Texts.Member.OrNothing(), s => s.Column, (s, v) => s with { Column = v },
                "Column, entity, or text column of an entity's table (item.category), that the operator reads; none for " +
                "count.")
            .Key("window", Shapes.Window.OrNone(), s => s.Window, (s, v) => s with { Window = v },
                "How far back it looks. Without it: all time.")
            .Key("k", Shapes.Whole(1, LargestK), s => s.K, (s, v) => s with { K = v },
                "How many values last_k, sequence, top_k, bottom_k and histogram give.")
            .Key("per", Texts.Name.OrNothing(), s => s.Per, (s, v) => s with { Per = v },
                "For ratio: the column below the line.")
            .Key("weight", Texts.Name.OrNothing(), s => s.Weight, (s, v) => s with { Weight = v },
                "For sequence: the column that weighs each value.")
            .Key("quantile", Shapes.Number(0, 1).OrNone(), s => s.Quantile, (s, v) => s with { Quantile = v },
                "For quantile: which; 0.5, the median, where nothing is said.")
            .Key("half_life", Shapes.Window.OrNone(), s => s.HalfLife, (s, v) => s with { HalfLife = v },
                "For decayed_count and decayed_sum: age at which an event counts half.")
            .Key("prior", Shapes.Number(-1e9, 1e9), s => s.Prior, (s, v) => s with { Prior = v },
                "For rate and ratio: the value that few events are drawn towards.")
            .Key("strength", Shapes.Number(0, 1e9), s => s.Strength, (s, v) => s with { Strength = v },
                "For rate and ratio: how many events the prior is worth.")
            .Key("by", Texts.Member.OrNothing(), s => s.By, (s, v) => s with { By = v },
                "Text column, entity, or text column of an entity's table: one feature, name.value, for each of the values.")
            .Key("values", Shapes.List(Texts.Any, "texts"), s => s.Values, (s, v) => s with { Values = v },
                "The values of by.")
            .Shorthand(new AggregateTextShape(), (_, v) => v, s => s)
            .Check(CheckOperator);

    private static readonly Shape<IReadOnlyList<AggregateSpec>> Aggregates =
        new MappedShape<IReadOnlyDictionary<string, AggregateSpec>, IReadOnlyList<AggregateSpec>>(
            Shapes.Map(Texts.Name, Aggregate, "name: feature", minimum: 1),
            named => [.. named.Select(pair => pair.Value with { Name = pair.Key })],
            list => list.ToDictionary(each => each.Name, StringComparer.Ordinal));

    private static readonly Shape<IReadOnlyDictionary<string, Expression>> Expressions =
        Shapes.Map(Texts.Name, new ExpressionShape { Definition = "expression" }, "name: expression", minimum: 1);

    private static readonly SectionShape<FeatureViewSpec> View =
        new SectionShape<FeatureViewSpec>("entity, source and aggregates; or compute", () => new FeatureViewSpec())
            .Key("entity", new ViewEntityShape(), s => s.Entity.Length == 0 ? null : (s.Entity, s.With),
                (s, v) => s with { Entity = v!.Value.Entity, With = v.Value.With },
                "Entity that the values belong to, or global; or a pair: an entity with another, with a text column of " +
                "the source, or with a text column of an entity's table.")
            .Key("source", Texts.Name, s => s.Source.Length == 0 ? null! : s.Source, (s, v) => s with { Source = v },
                "Source of the events, or the table.")
            .Key("columns", Expressions.OrNothing(), s => Some(s.Columns), (s, v) => s with { Columns = v ?? s.Columns },
                "Columns computed from those of the source, by name, such as 'minutes: seconds / 60'.")
            .Key("where", Words.Conditions, s => s.Where, (s, v) => s with { Where = v },
                "Only rows for which all of these conditions hold.")
            .Key("ttl", Shapes.Window.OrNone(), s => s.TimeToLive, (s, v) => s with { TimeToLive = v },
                "Age of the newest row beyond which values are missing. Without it: no limit.")
            .Key("aggregates", Aggregates, s => s.Aggregates.Count == 0 ? null! : s.Aggregates,
                (s, v) => s with { Aggregates = v },
                "The features by name: one line such as 'mean watch_fraction over 7d', or a mapping.")
            .Key("compute", Expressions.OrNothing(), s => Some(s.Compute), (s, v) => s with { Compute = v ?? s.Compute },
                "Instead of entity, source and aggregates: features computed when they are read, by name, from other " +
                "features, columns of tables, the request and the moment, such as 'hour: hour(now)'.")
            .Key("owner", Texts.Any, s => s.Owner, (s, v) => s with { Owner = v }, "Who answers for it.")
            .Key("description", Texts.Any, s => s.Description, (s, v) => s with { Description = v }, "One sentence.")
            .Check(CheckParts);

    public static readonly Shape<IReadOnlyDictionary<string, FeatureViewSpec>> Views =
        Shapes.Map(Texts.Name, View, "name: view");

    private static IReadOnlyDictionary<string, Expression>? Some(IReadOnlyDictionary<string, Expression> all) =>
        all.Count == 0 ? null : all;

    /// <summary>A view reads a source, or computes from other features: not both, and not half.</summary>
    private static void CheckParts(FeatureViewSpec view, Node node, Reading reading)
    {
        string[] parts = ["entity", "source", "aggregates", "columns", "where", "ttl"];
        var map = node as MapNode;
        if (map?.Find("compute") is not { } compute)
        {
            foreach (string missing in parts[..3].Where(part => map?.Find(part) is null))
            {
                string meaning = View.Keys.First(key => key.Name == missing).Meaning;
                reading.ReportWhole(node, SpecErrors.MissingKey(missing, reading.Where, meaning));
            }
        }
        else if (Array.Find(parts, part => map.Find(part) is not null) is { } other)
        {
            reading.Report(compute.Key, SpecErrors.Exclusive("compute", other, reading.Where));
        }
    }

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
        else if (Given(aggregate).FirstOrDefault(key => !known.Takes.Contains(key, StringComparer.Ordinal)) is { } extra)
        {
            reading.ReportWhole(node, SpecErrors.OperatorTakesNo(known.Name, extra, known.Takes, reading.Path));
        }
        else if (known.Needs.FirstOrDefault(key => !Given(aggregate).Contains(key, StringComparer.Ordinal)) is { } missing)
        {
            reading.ReportWhole(node, SpecErrors.OperatorNeeds(known.Name, missing, reading.Path));
        }
        else if (aggregate.K is < 1 or > LargestK)
        {
            reading.ReportWhole(node, SpecErrors.OperatorCount(known.Name, aggregate.K, reading.Path));
        }
        else if (aggregate.By is null != aggregate.Values.Count is 0)
        {
            reading.ReportWhole(node, SpecErrors.ByWithoutValues(aggregate.By is null, reading.Path));
        }
    }

    /// <summary>The keys of an aggregate that not every operator reads and that say something.</summary>
    private static IEnumerable<string> Given(AggregateSpec aggregate)
    {
        (string Key, bool IsGiven)[] keys =
        [
            ("k", aggregate.K != AggregateSpec.DefaultK),
            ("per", aggregate.Per is not null),
            ("weight", aggregate.Weight is not null),
            ("quantile", aggregate.Quantile is not null),
            ("half_life", aggregate.HalfLife is not null),
            ("prior", aggregate.Prior != 0),
            ("strength", aggregate.Strength != 0),
        ];
        return keys.Where(key => key.IsGiven).Select(key => key.Key);
    }
}
