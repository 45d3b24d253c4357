using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tandem.Spec.Yaml;

namespace Tandem.Spec.Grammar;

/// <summary>A mapping with known keys that becomes a record.</summary>
/// <param name="said">What it is in a message: <c>a source</c>.</param>
/// <param name="seed">Makes the record with every default.</param>
internal sealed class SectionShape<T>(string said, Func<T> seed) : Shape<T>
    where T : class
{
    private readonly List<Key<T>> _keys = [];
    private Shape<T>? _shorthand;
    private Action<T, Node, Reading>? _check;

    public override string Expected =>
        _shorthand is null ? $"a mapping: {said}" : $"{_shorthand.Expected}, or a mapping: {said}";

    public override IReadOnlyList<Key> Keys => _keys;

    /// <summary>The short form that stands for the whole mapping, or null.</summary>
    public Shape? Short => _shorthand;

    /// <summary>Declares a key that may be left out.</summary>
    public SectionShape<T> Key<TValue>(
        string name, Shape<TValue> shape, Func<T, TValue> get, Func<T, TValue, T> set, string meaning)
    {
        _keys.Add(new Key<T, TValue>(name, meaning, isRequired: false, shape, seed, get, set));
        return this;
    }

    /// <summary>Declares a key that must be given.</summary>
    public SectionShape<T> Required<TValue>(
        string name, Shape<TValue> shape, Func<T, TValue> get, Func<T, TValue, T> set, string meaning)
    {
        _keys.Add(new Key<T, TValue>(name, meaning, isRequired: true, shape, seed, get, set));
        return this;
    }

    /// <summary>Declares a second way to write what another key says; the canonical form writes the other.</summary>
    public SectionShape<T> Alias<TValue>(string name, Shape<TValue> shape, Func<T, TValue, T> set, string meaning)
        where TValue : class
    {
        _keys.Add(
            new Key<T, TValue?>(
                name, meaning, isRequired: false, shape!, seed, static _ => null,
                (owner, value) => set(owner, value!)));
        return this;
    }

    /// <summary>Declares a short form: a scalar or a list that stands for the whole mapping.</summary>
    public SectionShape<T> Shorthand<TShort>(Shape<TShort> shape, Func<T, TShort, T> set, Func<T, TShort> get)
    {
        _shorthand = new MappedShape<TShort, T>(shape, value => set(seed(), value), get);
        return this;
    }

    /// <summary>Adds a rule about the keys of this section together, whichever form it is written in.</summary>
    public SectionShape<T> Check(Action<T, Node, Reading> check)
    {
        _check = check;
        return this;
    }

    public override bool TryRead(Node node, Reading reading, [MaybeNullWhen(false)] out T value)
    {
        if (node is MapNode map)
        {
            value = ReadMap(map, reading);
            _check?.Invoke(value, node, reading);
            return true;
        }

        if (node is ScalarNode { IsNull: true } && _keys.TrueForAll(static key => !key.IsRequired))
        {
            value = seed();
            _check?.Invoke(value, node, reading);
            return true;
        }

        if (_shorthand is not null && node is not ScalarNode { IsNull: true })
        {
            bool isRead = _shorthand.TryRead(node, reading, out value);
            if (isRead)
            {
                _check?.Invoke(value!, node, reading);
            }

            return isRead;
        }

        reading.Report(node, SpecErrors.WrongType(node.Said, reading.Path, Expected));
        value = null;
        return false;
    }

    public override void Write(T value, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (Key<T> key in _keys.OrderBy(static key => key.Name, StringComparer.Ordinal))
        {
            key.Write(value, json);
        }

        json.WriteEndObject();
    }

    public override JsonNode Say(T value)
    {
        JsonObject section = [];
        foreach (Key<T> key in _keys)
        {
            if (key.TrySay(value, out JsonNode? said))
            {
                section[key.Name] = said;
            }
        }

        return section;
    }

    public override JsonObject Describe(SchemaWriter schema)
    {
        JsonObject properties = [];
        JsonArray required = [];
        foreach (Key<T> key in _keys)
        {
            properties[key.Name] = schema.Property(key);
            if (key.IsRequired)
            {
                required.Add((JsonNode)key.Name);
            }
        }

        JsonObject section = new() { ["type"] = required.Count > 0 ? "object" : new JsonArray("object", "null") };
        section["properties"] = properties;
        section["additionalProperties"] = false;
        if (required.Count > 0)
        {
            section["required"] = required;
        }

        return _shorthand is null
            ? section
            : new JsonObject { ["anyOf"] = new JsonArray(schema.Of(_shorthand), section) };
    }

    private T ReadMap(MapNode map, Reading reading)
    {
        T value = seed();
        Dictionary<string, int> seen = new(StringComparer.Ordinal);
        foreach (MapEntry entry in map.Entries)
        {
            string name = entry.Key.Text;
            Key<T>? key = _keys.Find(key => key.Name == name);
            if (key is null)
            {
                reading.Report(
                    entry.Key,
                    SpecErrors.UnknownKey(
                        ScalarNode.Quote(name), reading.Where, [.. _keys.Select(static key => key.Name)]));
            }
            else if (!seen.TryAdd(name, entry.Key.Start.Line))
            {
                reading.Report(entry.Key, SpecErrors.DuplicateKey(name, seen[name]));
            }
            else
            {
                reading.Enter(name);
                value = key.Bind(value, entry.Value, reading);
                reading.Leave();
            }
        }

        foreach (Key<T> key in _keys.Where(key => key.IsRequired && !seen.ContainsKey(key.Name)))
        {
            reading.ReportWhole(map, SpecErrors.MissingKey(key.Name, reading.Where, key.Meaning));
        }

        return value;
    }
}
