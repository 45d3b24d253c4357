using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Grammar;

/// <summary>What a search may try for a setting: <c>[16, 32, 64]</c>, or
/// <c>{from: 0.001, to: 1, scale: log}</c>.</summary>
internal sealed class RangeShape : Shape<ParameterRange>
{
    /// <summary>Any range, whatever the limits of the setting: how it is written, and what the schema knows of it.</summary>
    public static readonly RangeShape Any =
        new(new KnownParameter("", 0, double.NegativeInfinity, double.PositiveInfinity, IsWhole: false, ""))
        {
            Definition = "range",
        };

    private readonly bool _isWhole;
    private readonly Shape<IReadOnlyList<double>> _values;
    private readonly SectionShape<ParameterRange> _ends;

    public RangeShape(KnownParameter parameter)
    {
        _isWhole = parameter.IsWhole;
        Shape<double> value = _isWhole
            ? new MappedShape<long, double>(
                new WholeShape<long>((long)parameter.Minimum, (long)parameter.Maximum),
                static whole => whole, static number => (long)number)
            : new NumberShape(parameter.Minimum, parameter.Maximum);
        _values = Shapes.List(value, "values", minimum: 2);
        _ends = new SectionShape<ParameterRange>("from, to, scale", static () => new ParameterRange())
            .Required("from", value, s => s.From, (s, v) => s with { From = v }, "Smallest value.")
            .Required("to", value, s => s.To, (s, v) => s with { To = v }, "Largest value.")
            .Key("scale", new WordShape("linear", "log"), s => s.IsLogarithmic ? "log" : "linear",
                (s, v) => s with { IsLogarithmic = v == "log" },
                "How values lie between: evenly, or evenly by their logarithm.")
            .Check(static (range, node, reading) =>
            {
                bool isGiven = node is MapNode map && map.Find("from") is not null && map.Find("to") is not null;
                if (isGiven && (!(range.From < range.To) || (range.IsLogarithmic && !(range.From > 0))))
                {
                    reading.Report(node, SpecErrors.BadRange(range.From, range.To, range.IsLogarithmic, reading.Path));
                }
            });
    }

    public override string Expected => $"{_values.Expected}; or {_ends.Expected}";

    public override bool TryRead(Node node, Reading reading, [MaybeNullWhen(false)] out ParameterRange value)
    {
        if (node is ListNode)
        {
            value = _values.TryRead(node, reading, out IReadOnlyList<double>? values)
                ? new ParameterRange { Values = values, IsWhole = _isWhole }
                : null;
            return value is not null;
        }

        value = _ends.TryRead(node, reading, out ParameterRange? range) ? range with { IsWhole = _isWhole } : null;
        return value is not null;
    }

    public override void Write(ParameterRange value, Utf8JsonWriter json)
    {
        if (value.Values.Count > 0)
        {
            _values.Write(value.Values, json);
        }
        else
        {
            _ends.Write(value, json);
        }
    }

    public override JsonNode? Say(ParameterRange value) =>
        value.Values.Count > 0 ? _values.Say(value.Values) : _ends.Say(value);

    public override JsonObject Describe(SchemaWriter schema) =>
        new() { ["anyOf"] = new JsonArray(schema.Of(_values), schema.Of(_ends)) };
}
