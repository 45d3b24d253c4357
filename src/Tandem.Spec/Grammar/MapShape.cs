using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Grammar;

/// <summary>A mapping whose keys the designer chooses.</summary>
/// <param name="key">What each key is.</param>
/// <param name="item">What each value is.</param>
/// <param name="said">What it is in a message: <c>name: source</c>.</param>
/// <param name="minimum">Fewest entries.</param>
internal sealed class MapShape<T>(Shape<string> key, Shape<T> item, string said, int minimum = 0)
    : Shape<IReadOnlyDictionary<string, T>>
{
    private const int Most = 1000;

    public override string Expected => $"a mapping, {said}";

    public override IReadOnlyList<Key> Keys => item.Keys;

    public override string Step => ".*";

    public override bool TryRead(
        Node node, Reading reading, [MaybeNullWhen(false)] out IReadOnlyDictionary<string, T> value)
    {
        value = null;
        if (node is not MapNode map)
        {
            bool isNothing = node is ScalarNode { IsNull: true } && minimum == 0;
            if (!isNothing)
            {
                reading.Report(node, SpecErrors.WrongType(node.Said, reading.Path, Expected));
            }

            value = isNothing ? new Dictionary<string, T>(StringComparer.Ordinal) : null;
            return isNothing;
        }

        if (map.Entries.Count < minimum || map.Entries.Count > Most)
        {
            reading.Report(
                node, SpecErrors.OutOfRange(
                    $"{map.Entries.Count} entries", reading.Path, $"{minimum} to {Most} entries"));
        }

        Dictionary<string, T> items = new(StringComparer.Ordinal);
        Dictionary<string, int> lines = new(StringComparer.Ordinal);
        foreach (MapEntry entry in map.Entries)
        {
            ReadEntry(entry, reading, items, lines);
        }

        value = items;
        return true;
    }

    public override void Write(IReadOnlyDictionary<string, T> value, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach ((string name, T one) in value.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            json.WritePropertyName(name);
            item.Write(one, json);
        }

        json.WriteEndObject();
    }

    public override JsonNode Say(IReadOnlyDictionary<string, T> value) => new JsonObject(
        value.Select(pair => KeyValuePair.Create(pair.Key, item.Say(pair.Value))));

    public override JsonObject Describe(SchemaWriter schema)
    {
        JsonObject map = new() { ["type"] = minimum > 0 ? "object" : new JsonArray("object", "null") };
        map["propertyNames"] = schema.Of(key);
        map["additionalProperties"] = schema.Of(item);
        if (minimum > 0)
        {
            map["minProperties"] = minimum;
        }

        return map;
    }

    private void ReadEntry(MapEntry entry, Reading reading, Dictionary<string, T> items, Dictionary<string, int> lines)
    {
        if (!lines.TryAdd(entry.Key.Text, entry.Key.Start.Line))
        {
            reading.Report(entry.Key, SpecErrors.DuplicateKey(ScalarNode.Quote(entry.Key.Text), lines[entry.Key.Text]));
            return;
        }

        bool isKey = key.TryRead(entry.Key, reading, out string? name);
        reading.Enter(ScalarNode.Quote(entry.Key.Text));
        if (item.TryRead(entry.Value, reading, out T? one) && isKey)
        {
            items.Add(name!, one);
        }

        reading.Leave();
    }
}
