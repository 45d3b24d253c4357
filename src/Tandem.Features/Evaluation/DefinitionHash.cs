using System.Globalization;
using System.Text;
using System.Text.Json;
using Tandem.Spec;
using Tandem.Storage;

namespace Tandem.Features.Evaluation;

/// <summary>Hashes what a view means.</summary>
internal static class DefinitionHash
{
    /// <summary>Hashes a canonical text of everything that can change a value: conditions and features are sorted,
    /// times are microseconds, numbers are shortest round-trip.</summary>
    public static string Of(FeatureView view)
    {
        SourceSpec source = view.SourceSpec;
        var text = new StringBuilder("tandem-feature-view 1\n");
        Line(text, "entity", view.Pair is null ? view.Entity : view.Key!.Key);
        Line(text, "source", view.Source, source.Kind.ToString(), source.HasTimes ? "times" : "no-times");
        Line(text, "ttl", Span(view.TimeToLive));
        foreach (string condition in Conditions(view.Find, view.Where))
        {
            text.Append(condition);
        }

        foreach (FeatureDefinition feature in view.Features.OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            AggregateSpec spec = feature.Spec;
            Line(text, ["feature", feature.Name, feature.Operator.Name, .. Column(view.Find, spec.Column),
                Span(spec.Window), Keeps(feature).ToString(CultureInfo.InvariantCulture), .. Rest(view.Find, feature)]);
        }

        return ContentHash.Of(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>Hashes a canonical text of everything that a series under a plan keeps.</summary>
    public static string Of(SeriesPlan plan)
    {
        SourceShape shape = plan.Shape;
        var text = new StringBuilder("tandem-series-plan 1\n");
        Line(text, "series", plan.Pair is null ? plan.Entity : shape.Columns[plan.EntityColumn].Key, shape.Name, plan.IsByLog ? "log" : shape.HasTimes ? "times" : "no-times",
            plan.IncludesNow ? "now" : "before", Whole(plan.LongestWindowMicros), Whole(plan.KeptCount));
        foreach (string condition in Conditions(plan.Find, plan.Where))
        {
            text.Append(condition);
        }

        Columns("sum", plan.Sums);
        Columns("square", plan.Squares);
        Columns("number", plan.Numbers);
        Columns("text", plan.Codes);
        foreach (RemnantPlan remnant in plan.Remnants)
        {
            Line(text, "remnant", remnant.Operation.ToString(), Whole(remnant.Slot), Whole(remnant.K));
        }

        return ContentHash.Of(Encoding.UTF8.GetBytes(text.ToString()));

        void Columns(string kind, IReadOnlyList<int> columns)
        {
            foreach (int column in columns)
            {
                Line(text, kind, shape.Columns[column].Key, shape.Columns[column].Type.ToString());
            }
        }
    }

    /// <summary>Conditions as lines, sorted and without repeats.</summary>
    public static IEnumerable<string> Conditions(
        Func<string, SourceColumn?> find, IReadOnlyList<ConditionSpec> where)
    {
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        foreach (ConditionSpec condition in where)
        {
            var line = new StringBuilder();
            string value = Convert.ToString(condition.Value, CultureInfo.InvariantCulture) ?? "";
            (string column, string type) = Said(find(condition.Column));
            Line(line, "where", column, type, condition.Operator, value);
            lines.Add(line.ToString());
        }

        return lines;
    }

    private static string[] Column(Func<string, SourceColumn?> find, string? name)
    {
        (string column, string type) = Said(name is null ? null : find(name));
        return [column, type];
    }

    // A computed column is what it computes, whatever its name.
    private static (string Column, string Type) Said(SourceColumn? column) =>
        (column?.Key ?? "", column?.Type.ToString() ?? "");

    private static int Keeps(FeatureDefinition feature) =>
        feature.Operator.Takes.Contains("k", StringComparer.Ordinal) ? feature.Spec.K : 1;

    /// <summary>What only some operators read, where the operator reads it.</summary>
    private static IEnumerable<string> Rest(Func<string, SourceColumn?> find, FeatureDefinition feature)
    {
        AggregateSpec spec = feature.Spec;
        foreach (string key in feature.Operator.Takes)
        {
            IEnumerable<string> said = key switch
            {
                "per" => Column(find, spec.Per),
                "weight" => Column(find, spec.Weight),
                "quantile" => [Number(spec.Quantile ?? FeaturePlan.Median)],
                "half_life" => [Span(spec.HalfLife)],
                "prior" => [Number(spec.Prior)],
                "strength" => [Number(spec.Strength)],
                _ => [],
            };
            foreach (string part in said)
            {
                yield return part;
            }
        }

        if (feature.Only is { } only)
        {
            yield return find(only.Column)?.Key ?? only.Column;
            yield return (string)only.Value;
        }
    }

    private static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Span(TimeSpan? span) =>
        span is null ? "" : Micros.Of(span.Value).ToString(CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, params ReadOnlySpan<string> parts)
    {
        foreach (string part in parts)
        {
            // Quoting as JSON keeps a separator inside a name from looking like one between names.
            text.Append('"').Append(JsonEncodedText.Encode(part)).Append("\" ");
        }

        text.Append('\n');
    }
}
