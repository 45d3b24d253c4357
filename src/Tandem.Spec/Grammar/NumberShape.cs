using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Grammar;

/// <summary>A finite number in a range.</summary>
/// <param name="minimum">Smallest; minus infinity for none.</param>
/// <param name="maximum">Largest; infinity for none.</param>
/// <param name="isOpen">True where the ends themselves are refused.</param>
internal sealed class NumberShape(
    double minimum = double.NegativeInfinity, double maximum = double.PositiveInfinity, bool isOpen = false)
    : Shape<double>
{
    public override string Expected => (double.IsFinite(minimum), double.IsFinite(maximum), isOpen) switch
    {
        (true, true, false) => string.Create(CultureInfo.InvariantCulture, $"a number from {minimum} to {maximum}"),
        (true, true, true) =>
            string.Create(CultureInfo.InvariantCulture, $"a number between {minimum} and {maximum}, both excluded"),
        (true, false, false) => string.Create(CultureInfo.InvariantCulture, $"a number, at least {minimum}"),
        (true, false, true) => string.Create(CultureInfo.InvariantCulture, $"a number above {minimum}"),
        _ => "a number",
    };

    /// <summary>Reads a number as JSON writes it; false for infinities and NaN.</summary>
    public static bool TryParse(string text, out double value) =>
        double.TryParse(
            text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture, out value)
        && double.IsFinite(value);

    public override bool TryRead(Node node, Reading reading, [MaybeNullWhen(false)] out double value)
    {
        value = 0;
        if (!TryReadPlain(node, reading, out ScalarNode? scalar))
        {
            return false;
        }

        if (!TryParse(scalar.Text, out value))
        {
            reading.Report(node, SpecErrors.WrongType(node.Said, reading.Path, Expected));
            return false;
        }

        bool isInRange = isOpen ? value > minimum && value < maximum : value >= minimum && value <= maximum;
        if (!isInRange)
        {
            reading.Report(node, SpecErrors.OutOfRange(node.Said, reading.Path, Expected));
        }

        return isInRange;
    }

    public override void Write(double value, Utf8JsonWriter json) => WriteNumber(value, json);

    /// <summary>Writes the shortest text that reads back equal; minus zero is zero.</summary>
    public static void WriteNumber(double value, Utf8JsonWriter json) => json.WriteNumberValue(value == 0 ? 0 : value);

    public override JsonObject Describe(SchemaWriter schema)
    {
        JsonObject number = new() { ["type"] = "number" };
        if (double.IsFinite(minimum))
        {
            number[isOpen ? "exclusiveMinimum" : "minimum"] = minimum;
        }

        if (double.IsFinite(maximum))
        {
            number[isOpen ? "exclusiveMaximum" : "maximum"] = maximum;
        }

        return number;
    }
}
