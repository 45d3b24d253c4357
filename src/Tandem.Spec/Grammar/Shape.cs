using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Grammar;

/// <summary>What may stand at a place: read from text, written for the hash, described for the schema and the
/// reference page, all from one declaration.</summary>
internal abstract class Shape
{
    /// <summary>What a person should write, as the end of "Expected …": <c>a whole number from 1 to 1000</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>Name under <c>$defs</c> where the schema shares it; null where it is written in place.</summary>
    public string? Definition { get; init; }

    /// <summary>Keys of the section inside, through lists and maps; empty for plain values.</summary>
    public virtual IReadOnlyList<Key> Keys => [];

    /// <summary>What stands between a section and its keys in a path: <c>.*</c> for a map, <c>[]</c> for a
    /// list.</summary>
    public virtual string Step => "";

    /// <summary>The JSON Schema.</summary>
    public abstract JsonObject Describe(SchemaWriter schema);
}

/// <summary>A shape whose values have a type.</summary>
internal abstract class Shape<T> : Shape
{
    /// <summary>Reads a value; false where it cannot be one, and then the fault has been reported.</summary>
    public abstract bool TryRead(Node node, Reading reading, [MaybeNullWhen(false)] out T value);

    /// <summary>Writes the canonical JSON: equal for equal meaning.</summary>
    public abstract void Write(T value, Utf8JsonWriter json);

    /// <summary>The value as a person writes it in a file; null for nothing.</summary>
    public virtual JsonNode? Say(T value) => JsonNode.Parse(CanonicalJson.Of(json => Write(value, json)));

    /// <summary>The scalar in a node; false, with a fault, for lists, mappings and nothing.</summary>
    protected bool TryReadScalar(Node node, Reading reading, [MaybeNullWhen(false)] out ScalarNode scalar)
    {
        scalar = node as ScalarNode;
        if (scalar is { IsNull: false })
        {
            return true;
        }

        reading.Report(node, SpecErrors.WrongType(node.Said, reading.Path, Expected));
        return false;
    }

    /// <summary>The scalar of a value that is never quoted.</summary>
    protected bool TryReadPlain(Node node, Reading reading, [MaybeNullWhen(false)] out ScalarNode scalar)
    {
        if (!TryReadScalar(node, reading, out scalar))
        {
            return false;
        }

        if (!scalar.IsPlain)
        {
            reading.Report(node, SpecErrors.QuotedValue(node.Said, reading.Path, Expected));
        }

        return scalar.IsPlain;
    }
}
