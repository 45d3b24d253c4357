using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tandem.Faults;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Grammar;

/// <summary>An expression: <c>watch_seconds / 60</c>.</summary>
internal sealed class ExpressionShape : Shape<Expression>
{
    public override string Expected => "an expression, such as 'watch_seconds / 60'";

    /// <summary>The place of a column of an expression that a node holds: exact where it is written as it
    /// reads.</summary>
    public static Mark MarkOf(Node node, int column)
    {
        int quotes = node.End - node.Start.Index - ((node as ScalarNode)?.Text.Length ?? int.MinValue);
        int step = quotes is 0 or 2 ? column - 1 + (quotes / 2) : 0;
        return new Mark(node.Start.Index + step, node.Start.Line, node.Start.Column + step);
    }

    public override bool TryRead(Node node, Reading reading, [MaybeNullWhen(false)] out Expression value)
    {
        value = null;
        if (!TryReadScalar(node, reading, out ScalarNode? scalar))
        {
            return false;
        }

        if (Expression.TryParse(scalar.Text, out value, out Fault? fault, out int column))
        {
            return true;
        }

        reading.Report(MarkOf(node, column), fault);
        return false;
    }

    public override void Write(Expression value, Utf8JsonWriter json) => json.WriteStringValue(value.ToString());

    public override JsonObject Describe(SchemaWriter schema) =>
        new() { ["type"] = new JsonArray("string", "number", "boolean"), ["maxLength"] = Expression.LongestText };
}
