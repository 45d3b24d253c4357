using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Grammar;

/// <summary>Values in order; one value may stand without brackets.</summary>
/// <param name="item">What each value is.</param>
/// <param name="said">What they are in a message: <c>entities</c>.</param>
/// <param name="minimum">Fewest values.</param>
/// <param name="maximum">Most values.</param>
/// <param name="isUnique">True where no value may be there twice.</param>
internal sealed class ListShape<T>(Shape<T> item, string said, int minimum = 0, int maximum = 100, bool isUnique = true)
    : Shape<IReadOnlyList<T>>
{
    public override string Expected =>
        minimum == 0 ? $"a list of {said}, at most {maximum}" : $"a list of {said}, {minimum} to {maximum}";

    public override IReadOnlyList<Key> Keys => item.Keys;

    public override string Step => "[]";

    public override bool TryRead(Node node, Reading reading, [MaybeNullWhen(false)] out IReadOnlyList<T> value)
    {
        value = null;
        if (node is ScalarNode { IsNull: true })
        {
            reading.Report(node, SpecErrors.WrongType(node.Said, reading.Path, Expected));
            return false;
        }

        IReadOnlyList<Node> nodes = node is ListNode list ? list.Items : [node];
        if (nodes.Count < minimum || nodes.Count > maximum)
        {
            reading.Report(node, SpecErrors.OutOfRange($"{nodes.Count} values", reading.Path, Expected));
            return false;
        }

        List<T> items = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (Node each in nodes)
        {
            if (!item.TryRead(each, reading, out T? one))
            {
                continue;
            }

            items.Add(one);
            if (isUnique && !seen.Add(CanonicalJson.Of(json => item.Write(one, json))))
            {
                reading.Report(each, SpecErrors.Repeated((each as ScalarNode)?.Text ?? "the same", reading.Path));
            }
        }

        value = items;
        return true;
    }

    public override void Write(IReadOnlyList<T> value, Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (T one in value)
        {
            item.Write(one, json);
        }

        json.WriteEndArray();
    }

    public override JsonNode Say(IReadOnlyList<T> value) => new JsonArray([.. value.Select(item.Say)]);

    public override JsonObject Describe(SchemaWriter schema)
    {
        JsonObject list = new() { ["type"] = "array", ["items"] = schema.Of(item), ["maxItems"] = maximum };
        if (minimum > 0)
        {
            list["minItems"] = minimum;
        }

        return new JsonObject { ["anyOf"] = new JsonArray(list, schema.Of(item)) };
    }
}
