using System.Text.Json.Nodes;

namespace Tandem.Spec.Grammar;

/// <summary>Collects the JSON Schema of shapes, sharing the named ones under <c>$defs</c>.</summary>
internal sealed class SchemaWriter(SpecVocabulary vocabulary)
{
    private readonly SortedDictionary<string, JsonNode?> _definitions = new(StringComparer.Ordinal);

    public SpecVocabulary Vocabulary { get; } = vocabulary;

    /// <summary>What was shared.</summary>
    public JsonObject Definitions => new(_definitions);

    public static JsonArray Words(IReadOnlyList<string> words) => [.. words.Select(static word => (JsonNode)word)];

    /// <summary>The schema of a shape, or a reference to it.</summary>
    public JsonObject Of(Shape shape)
    {
        if (shape.Definition is not { } name)
        {
            return shape.Describe(this);
        }

        if (!_definitions.ContainsKey(name))
        {
            _definitions[name] = null;
            _definitions[name] = shape.Describe(this);
        }

        return new JsonObject { ["$ref"] = "#/$defs/" + name };
    }

    /// <summary>The schema of a key: its meaning and default, then its shape.</summary>
    public JsonObject Property(Key key)
    {
        JsonObject property = new() { ["description"] = key.Meaning };
        foreach ((string name, JsonNode? value) in Of(key.Shape))
        {
            property[name] = value?.DeepClone();
        }

        if (key.Default is { } text)
        {
            property["default"] = JsonNode.Parse(text);
        }

        return property;
    }
}
