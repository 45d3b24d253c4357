using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Grammar;

/// <summary>A kind of model, alone or with its settings beside it: <c>ials</c>,
/// <c>{kind: ials, factors: 64}</c>; where it may be searched, <c>{kind: ials, factors: [32, 64]}</c>. Or something else of
/// some kind with settings, such as a method for rare positives.</summary>
/// <param name="kinds">The kinds.</param>
/// <param name="known">The kinds with their settings.</param>
/// <param name="what">What is chosen, in messages.</param>
/// <param name="mayRange">True where a setting may be a range.</param>
internal sealed class ModelChoiceShape(
    Shape<string> kinds, Func<SpecVocabulary, IEnumerable<KnownModel>> known, string what = "model", bool mayRange = false)
    : Shape<ModelChoiceSpec>
{
    private const string KindKey = "kind";
    private const string DirectionsKey = "directions";

    private static readonly MapShape<string> Directions = new(
        Texts.Any, new WordShape(ModelChoiceSpec.Rising, ModelChoiceSpec.Falling),
        $"feature: {ModelChoiceSpec.Rising} or {ModelChoiceSpec.Falling}");

    public override string Expected => $"{kinds.Expected}, or a mapping with kind and its parameters";

    public override bool TryRead(Node node, Reading reading, [MaybeNullWhen(false)] out ModelChoiceSpec value)
    {
        value = null;
        if (node is not MapNode map)
        {
            bool isKind = kinds.TryRead(node, reading, out string? kind);
            value = isKind
                ? Complete(kind!, new Dictionary<string, double>(StringComparer.Ordinal), known(reading.Vocabulary))
                : null;
            return isKind;
        }

        if (map.Find(KindKey) is not { } entry)
        {
            reading.ReportWhole(map, SpecErrors.MissingKey(KindKey, reading.Where, $"The kind of {what}."));
            return false;
        }

        if (!kinds.TryRead(entry.Value, reading, out string? name))
        {
            return false;
        }

        Dictionary<string, ParameterRange> ranges = new(StringComparer.Ordinal);
        KnownModel model = Known(name, known(reading.Vocabulary))!;
        value = Complete(name, ReadParameters(map, model, ranges, reading), known(reading.Vocabulary)) with
        {
            Ranges = ranges,
        };
        if (model.TakesDirections && map.Find(DirectionsKey) is { } directions)
        {
            reading.Enter(DirectionsKey);
            value = Directions.TryRead(directions.Value, reading, out IReadOnlyDictionary<string, string>? read)
                ? value with { Directions = read }
                : value;
            reading.Leave();
        }

        return true;
    }

    /// <summary>Adds the parameters that were not given, with their defaults.</summary>
    public static ModelChoiceSpec Complete(
        string kind, IReadOnlyDictionary<string, double> given, IEnumerable<KnownModel> kinds)
    {
        Dictionary<string, double> all = new(given, StringComparer.Ordinal);
        foreach (KnownParameter parameter in Known(kind, kinds)?.Parameters ?? [])
        {
            all.TryAdd(parameter.Name, parameter.Default);
        }

        return new ModelChoiceSpec { Kind = kind, Parameters = all };
    }

    public override void Write(ModelChoiceSpec value, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString(KindKey, value.Kind);
        json.WriteStartObject("parameters");
        foreach (
            (string name, double number) in value.Parameters.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            json.WritePropertyName(name);
            NumberShape.WriteNumber(number, json);
        }

        json.WriteEndObject();
        if (value.Ranges.Count > 0)
        {
            json.WriteStartObject("ranges");
            foreach ((string name, ParameterRange range) in
                value.Ranges.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
            {
                json.WritePropertyName(name);
                RangeShape.Any.Write(range, json);
            }

            json.WriteEndObject();
        }

        if (value.Directions.Count > 0)
        {
            json.WritePropertyName(DirectionsKey);
            Directions.Write(value.Directions, json);
        }

        json.WriteEndObject();
    }

    public override JsonNode? Say(ModelChoiceSpec value)
    {
        if (value.Parameters.Count == 0 && value.Directions.Count == 0)
        {
            return value.Kind;
        }

        JsonObject said = new() { [KindKey] = value.Kind };
        foreach ((string name, double number) in value.Parameters)
        {
            said[name] = value.Ranges.TryGetValue(name, out ParameterRange? range)
                ? RangeShape.Any.Say(range)
                : JsonNode.Parse(CanonicalJson.Of(json => NumberShape.WriteNumber(number, json)));
        }

        if (value.Directions.Count > 0)
        {
            said[DirectionsKey] = Directions.Say(value.Directions);
        }

        return said;
    }

    public override JsonObject Describe(SchemaWriter schema)
    {
        JsonArray forms = [schema.Of(kinds)];
        foreach (KnownModel model in known(schema.Vocabulary))
        {
            JsonObject properties = new() { [KindKey] = new JsonObject { ["const"] = model.Name } };
            foreach (KnownParameter parameter in model.Parameters)
            {
                properties[parameter.Name] = Describe(parameter, schema);
            }

            if (model.TakesDirections)
            {
                JsonObject directions = Directions.Describe(schema);
                directions["description"] = "Numeric features that the score may only rise, or only fall, with.";
                properties[DirectionsKey] = directions;
            }

            forms.Add((JsonNode)new JsonObject
            {
                ["title"] = model.Name,
                ["description"] = model.Summary,
                ["type"] = "object",
                ["properties"] = properties,
                ["required"] = new JsonArray(KindKey),
                ["additionalProperties"] = false,
            });
        }

        return new JsonObject { ["anyOf"] = forms };
    }

    private JsonObject Describe(KnownParameter parameter, SchemaWriter schema)
    {
        JsonObject number = new()
        {
            ["type"] = parameter.IsWhole ? "integer" : "number",
            ["minimum"] = parameter.Minimum,
            ["maximum"] = parameter.Maximum,
        };
        JsonObject described = mayRange
            ? new() { ["anyOf"] = new JsonArray(number, schema.Of(RangeShape.Any)) }
            : number;
        described["description"] = parameter.Meaning;
        described["default"] = parameter.Default;
        return described;
    }

    private static KnownModel? Known(string kind, IEnumerable<KnownModel> kinds) =>
        kinds.FirstOrDefault(model => model.Name == kind);

    private Dictionary<string, double> ReadParameters(
        MapNode map, KnownModel model, Dictionary<string, ParameterRange> ranges, Reading reading)
    {
        Dictionary<string, double> given = new(StringComparer.Ordinal);
        Dictionary<string, int> lines = new(StringComparer.Ordinal);
        foreach (MapEntry entry in map.Entries)
        {
            string name = entry.Key.Text;
            KnownParameter? parameter = model.Parameters.FirstOrDefault(parameter => parameter.Name == name);
            if (!lines.TryAdd(name, entry.Key.Start.Line))
            {
                reading.Report(entry.Key, SpecErrors.DuplicateKey(name, lines[name]));
            }
            else if (parameter is not null)
            {
                reading.Enter(name);
                if (!mayRange || entry.Value is ScalarNode)
                {
                    ReadParameter(entry.Value, parameter, given, reading);
                }
                else if (new RangeShape(parameter).TryRead(entry.Value, reading, out ParameterRange? range))
                {
                    ranges[name] = range;
                }

                reading.Leave();
            }
            else if (name != KindKey && !(name == DirectionsKey && model.TakesDirections))
            {
                reading.Report(entry.Key, SpecErrors.UnknownParameter(
                    ScalarNode.Quote(name), model.Name,
                    [.. model.Parameters.Select(static parameter => parameter.Name)]));
            }
        }

        return given;
    }

    private static void ReadParameter(
        Node node, KnownParameter parameter, Dictionary<string, double> given, Reading reading)
    {
        if (parameter.IsWhole)
        {
            WholeShape<long> whole = new((long)parameter.Minimum, (long)parameter.Maximum);
            if (whole.TryRead(node, reading, out long count))
            {
                given[parameter.Name] = count;
            }
        }
        else if (new NumberShape(parameter.Minimum, parameter.Maximum).TryRead(node, reading, out double number))
        {
            given[parameter.Name] = number;
        }
    }
}
