using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Grammar;

/// <summary>A length of time in a range, both ends included.</summary>
internal sealed class DurationShape(TimeSpan minimum, TimeSpan maximum) : Shape<TimeSpan>
{
    public override string Expected =>
        $"a length of time from {DurationText.Write(minimum)} to {DurationText.Write(maximum)}, such as 15m, 3h or 7d";

    public override bool TryRead(Node node, Reading reading, [MaybeNullWhen(false)] out TimeSpan value)
    {
        value = default;
        if (!TryReadScalar(node, reading, out ScalarNode? scalar))
        {
            return false;
        }

        if (!DurationText.TryRead(scalar.Text, out value))
        {
            reading.Report(node, SpecErrors.Malformed(
                node.Said, reading.Path, Expected,
                "Write whole numbers with units, largest first: d (days), h, m (minutes), s, ms."));
            return false;
        }

        bool isInRange = value >= minimum && value <= maximum;
        if (!isInRange)
        {
            reading.Report(node, SpecErrors.OutOfRange(node.Said, reading.Path, Expected));
        }

        return isInRange;
    }

    public override void Write(TimeSpan value, Utf8JsonWriter json) => json.WriteStringValue(DurationText.Write(value));

    public override JsonObject Describe(SchemaWriter schema) => new()
    {
        ["type"] = new JsonArray("string", "integer"),
        ["pattern"] = DurationText.Pattern,
        ["maximum"] = 0,
        ["minimum"] = 0,
    };
}
