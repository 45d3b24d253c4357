using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Grammar;

/// <summary>A comparison written as text: <c>watch_fraction >= 0.5</c>, <c>category == news</c>.</summary>
internal sealed partial class ConditionShape : Shape<ConditionSpec>
{
    private const string Pattern = """^\s*(?<column>[a-z][a-z0-9_]{0,62}(\.[a-z][a-z0-9_]{0,62})?)\s*(?<operator>==|!=|<=|>=|<|>)\s*(?<value>"[^"]*"|'[^']*'|[^\s"'=<>!]([^"']*[^\s"'])?)\s*$""";

    public const string Remedy = "Write a column, one of == != < <= > >=, and a number, true, false or a text.";

    public override string Expected => "a condition, such as watch_fraction >= 0.5 or category == news";

    public override bool TryRead(Node node, Reading reading, [MaybeNullWhen(false)] out ConditionSpec value)
    {
        value = null;
        if (!TryReadScalar(node, reading, out ScalarNode? scalar))
        {
            return false;
        }

        value = Read(scalar.Text);
        if (value is null)
        {
            reading.Report(node, SpecErrors.Malformed(node.Said, reading.Path, Expected, Remedy));
        }

        return value is not null;
    }

    /// <summary>Reads a condition from its text; null where it is none.</summary>
    public static ConditionSpec? Read(string text)
    {
        Match match = Form().Match(text);
        return !match.Success ? null : new ConditionSpec
        {
            Column = match.Groups["column"].Value,
            Operator = match.Groups["operator"].Value,
            Value = Constant(match.Groups["value"].Value),
        };
    }

    public override JsonNode? Say(ConditionSpec value) => value.ToString();

    public override void Write(ConditionSpec value, Utf8JsonWriter json)
    {
        json.WriteStartArray();
        json.WriteStringValue(value.Column);
        json.WriteStringValue(value.Operator);
        switch (value.Value)
        {
            case double number:
                NumberShape.WriteNumber(number, json);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            default:
                json.WriteStringValue(Convert.ToString(value.Value, CultureInfo.InvariantCulture));
                break;
        }

        json.WriteEndArray();
    }

    public override JsonObject Describe(SchemaWriter schema) => new() { ["type"] = "string", ["pattern"] = Pattern };

    private static object Constant(string text) =>
        text[0] is '"' or '\'' ? text[1..^1]
        : text is "true" or "false" ? text == "true"
        : NumberShape.TryParse(text, out double number) ? number
        : text;

    [GeneratedRegex(Pattern, RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
