using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Grammar;

/// <summary>What a view's values belong to: an entity, or a pair: <c>[user, item.category]</c>.</summary>
internal sealed class ViewEntityShape : Shape<(string Entity, string? With)?>
{
    private static readonly ListShape<string> Pair = new(Texts.Member, "names", 2, 2);

    public override string Expected => "an entity or global, or a pair such as [user, item] or [user, item.category]";

    public override bool TryRead(
        Node node, Reading reading, [MaybeNullWhen(false)] out (string Entity, string? With)? value)
    {
        value = null;
        if (node is ListNode)
        {
            bool isPair = Pair.TryRead(node, reading, out IReadOnlyList<string>? names) && names.Count == 2;
            value = isPair ? (names![0], names[1]) : null;
            return isPair;
        }

        bool isRead = Texts.Name.TryRead(node, reading, out string? name);
        value = isRead ? (name!, null) : null;
        return isRead;
    }

    public override void Write((string Entity, string? With)? value, Utf8JsonWriter json)
    {
        (string entity, string? with) = value!.Value;
        if (with is null)
        {
            json.WriteStringValue(entity);
        }
        else
        {
            Pair.Write([entity, with], json);
        }
    }

    public override JsonObject Describe(SchemaWriter schema) =>
        new() { ["anyOf"] = new JsonArray(schema.Of(Texts.Name), Pair.Describe(schema)["anyOf"]![0]!.DeepClone()) };
}
