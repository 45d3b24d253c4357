using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Grammar;

/// <summary>A shape that also takes nothing: <c>window:</c>, <c>window: null</c>.</summary>
/// <param name="inner">What else it takes.</param>
/// <param name="to">Makes the value optional.</param>
/// <param name="from">Takes the value that is known to be there.</param>
internal sealed class OptionalShape<TInner, T>(Shape<TInner> inner, Func<TInner, T> to, Func<T, TInner> from) : Shape<T>
{
    public override string Expected => inner.Expected;

    public override IReadOnlyList<Key> Keys => inner.Keys;

    public override string Step => inner.Step;

    public override bool TryRead(Node node, Reading reading, [MaybeNullWhen(false)] out T value)
    {
        if (node is ScalarNode { IsNull: true })
        {
            // T is nullable wherever this shape is used: null is one of its values.
            value = default!;
            return true;
        }

        bool isRead = inner.TryRead(node, reading, out TInner? read);
        value = isRead ? to(read!) : default;
        return isRead;
    }

    public override void Write(T value, Utf8JsonWriter json) => inner.Write(from(value), json);

    public override JsonNode? Say(T value) => value is null ? null : inner.Say(from(value));

    public override JsonObject Describe(SchemaWriter schema) => schema.Of(inner);
}
