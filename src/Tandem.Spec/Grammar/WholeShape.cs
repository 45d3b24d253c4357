using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Grammar;

/// <summary>A whole number in a range, both ends included.</summary>
internal sealed class WholeShape<T>(T minimum, T maximum) : Shape<T>
    where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
{
    public override string Expected => maximum == T.MaxValue
        ? $"a whole number, at least {minimum.ToString(null, CultureInfo.InvariantCulture)}"
        : string.Create(CultureInfo.InvariantCulture, $"a whole number from {minimum} to {maximum}");

    public override bool TryRead(Node node, Reading reading, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (!TryReadPlain(node, reading, out ScalarNode? scalar))
        {
            return false;
        }

        bool isWhole = scalar.Text.AsSpan().TrimStart('-') is { Length: > 0 } digits
            && !digits.ContainsAnyExceptInRange('0', '9');
        if (!isWhole)
        {
            reading.Report(node, SpecErrors.WrongType(node.Said, reading.Path, Expected));
            return false;
        }

        bool isInRange = T.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
            && value >= minimum && value <= maximum;
        if (!isInRange)
        {
            reading.Report(node, SpecErrors.OutOfRange(node.Said, reading.Path, Expected));
        }

        return isInRange;
    }

    public override void Write(T value, Utf8JsonWriter json) =>
        json.WriteRawValue(value.ToString(null, CultureInfo.InvariantCulture));

    public override JsonObject Describe(SchemaWriter schema)
    {
        JsonObject whole = new() { ["type"] = "integer", ["minimum"] = Node(minimum) };
        if (maximum != T.MaxValue)
        {
            whole["maximum"] = Node(maximum);
        }

        return whole;
    }

    private static JsonNode? Node(T value) => JsonNode.Parse(value.ToString(null, CultureInfo.InvariantCulture));
}
