using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Grammar;

/// <summary>A shape whose values take another type.</summary>
internal sealed class MappedShape<TInner, T>(Shape<TInner> inner, Func<TInner, T> to, Func<T, TInner> from) : Shape<T>
{
    public override string Expected => inner.Expected;

    public override IReadOnlyList<Key> Keys => inner.Keys;

    public override string Step => inner.Step;

    public override bool TryRead(Node node, Reading reading, [MaybeNullWhen(false)] out T value)
    {
        bool isRead = inner.TryRead(node, reading, out TInner? read);
        value = isRead ? to(read!) : default;
        return isRead;
    }

    public override void Write(T value, Utf8JsonWriter json) => inner.Write(from(value), json);

    public override JsonNode? Say(T value) => inner.Say(from(value));

    public override JsonObject Describe(SchemaWriter schema) => schema.Of(inner);
}
