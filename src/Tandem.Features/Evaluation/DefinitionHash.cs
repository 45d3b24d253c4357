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
        Line(text, "entity", view.Entity);
        Line(text, "source", view.Source, source.Kind.ToString(), source.HasTimes ? "times" : "no-times");
        Line(text, "ttl", Span(view.TimeToLive));
        foreach (string condition in Conditions(source, view.Where))
        {
            text.Append(condition);
        }

        foreach (FeatureDefinition feature in view.Features.OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            string column = feature.Column ?? "";
            string type = feature.Column is null ? "" : SourceColumn.Find(source, column)?.Type.ToString() ?? "";
            Line(text, "feature", feature.Name, feature.Operator, column, type, Span(feature.Window),
                feature.K.ToString(CultureInfo.InvariantCulture));
        }

        return ContentHash.Of(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>Conditions as lines, sorted and without repeats.</summary>
    public static IEnumerable<string> Conditions(SourceSpec source, IReadOnlyList<ConditionSpec> where)
    {
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        foreach (ConditionSpec condition in where)
        {
            var line = new StringBuilder();
            string value = Convert.ToString(condition.Value, CultureInfo.InvariantCulture) ?? "";
            string type = SourceColumn.Find(source, condition.Column)?.Type.ToString() ?? "";
            Line(line, "where", condition.Column, type, condition.Operator, value);
            lines.Add(line.ToString());
        }

        return lines;
    }

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
