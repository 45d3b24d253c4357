using System.Text.Json;
using System.Text.Json.Nodes;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Grammar;

/// <summary>A key of a section: name, shape, meaning, default.</summary>
internal abstract class Key(string name, string meaning, bool isRequired)
{
    public string Name { get; } = name;

    /// <summary>One or two sentences for the schema, the reference page and the fault that misses it.</summary>
    public string Meaning { get; } = meaning;

    public bool IsRequired { get; } = isRequired;

    public abstract Shape Shape { get; }

    /// <summary>Canonical JSON of the default; null where there is none.</summary>
    public abstract string? Default { get; }
}

/// <summary>A key of a section that becomes a record.</summary>
internal abstract class Key<TOwner>(string name, string meaning, bool isRequired) : Key(name, meaning, isRequired)
{
    /// <summary>Reads the value and puts it into the record; the record as it was where the value is wrong.</summary>
    public abstract TOwner Bind(TOwner owner, Node node, Reading reading);

    /// <summary>Writes name and value, or nothing where there is no value.</summary>
    public abstract void Write(TOwner owner, Utf8JsonWriter json);

    /// <summary>Gives the value as a person writes it; false where it goes without saying: nothing, the default, or a
    /// section that says nothing.</summary>
    public abstract bool TrySay(TOwner owner, out JsonNode? said);
}

/// <summary>A key with its type: the default is whatever a new record holds.</summary>
internal sealed class Key<TOwner, TValue>(
    string name, string meaning, bool isRequired, Shape<TValue> shape, Func<TOwner> seed, Func<TOwner, TValue> get,
    Func<TOwner, TValue, TOwner> set)
    : Key<TOwner>(name, meaning, isRequired)
{
    public override Shape Shape => shape;

    public override string? Default
    {
        get
        {
            TValue value = get(seed());
            return IsRequired || value is null || shape.Keys.Count > 0
                ? null
                : CanonicalJson.Of(json => shape.Write(value, json));
        }
    }

    public override TOwner Bind(TOwner owner, Node node, Reading reading) =>
        shape.TryRead(node, reading, out TValue? value) ? set(owner, value) : owner;

    public override bool TrySay(TOwner owner, out JsonNode? said)
    {
        TValue value = get(owner);
        bool isSaid = value is not null && CanonicalJson.Of(json => shape.Write(value, json)) != Default;
        said = isSaid ? shape.Say(value) : null;
        return isSaid && (IsRequired || said is not JsonObject { Count: 0 });
    }

    public override void Write(TOwner owner, Utf8JsonWriter json)
    {
        TValue value = get(owner);
        if (value is not null)
        {
            json.WritePropertyName(Name);
            shape.Write(value, json);
        }
    }
}
