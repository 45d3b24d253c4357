using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Grammar;

/// <summary>The name of a metric: <c>mrr</c>, or <c>recall@20</c> with its cut-off.</summary>
internal sealed class MetricShape : Shape<string>
{
    public override string Expected => "a metric, such as recall@20";

    public override bool TryRead(Node node, Reading reading, [MaybeNullWhen(false)] out string value)
    {
        value = null;
        if (!TryReadScalar(node, reading, out ScalarNode? scalar))
        {
            return false;
        }

        if (MetricNames.Find(scalar.Text, reading.Vocabulary) is null)
        {
            reading.Report(
                node, SpecErrors.UnknownMetric(
                    ScalarNode.Quote(scalar.Text), MetricNames.Examples(scalar.Text, reading.Vocabulary)));
            return false;
        }

        value = scalar.Text;
        return true;
    }

    public override void Write(string value, Utf8JsonWriter json) => json.WriteStringValue(value);

    public override JsonObject Describe(SchemaWriter schema)
    {
        IReadOnlyList<KnownMetric> known = schema.Vocabulary.Metrics;
        JsonArray anyOf =
        [
            new JsonObject { ["enum"] = SchemaWriter.Words(
                [.. known.Where(static metric => !metric.TakesCutoff).Select(static metric => metric.Name)]) },
            new JsonObject
            {
                ["type"] = "string",
                ["pattern"] = $"^({string.Join('|', known.Where(static metric => metric.TakesCutoff).Select(static metric => metric.Name))})@[1-9][0-9]{{0,3}}$",
            },
        ];
        return new JsonObject { ["anyOf"] = anyOf };
    }
}
