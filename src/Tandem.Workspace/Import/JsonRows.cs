using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tandem.Workspace.Import;

/// <summary>Reads JSON lines: each line one object, its keys the columns.</summary>
internal sealed class JsonRows : IRowReader
{
    private readonly StreamReader _text;
    private readonly Dictionary<string, int> _fields = new(StringComparer.Ordinal);
    private readonly string?[] _values;
    private bool _isPending;

    public JsonRows(Stream content, RowFields fields)
    {
        _text = new StreamReader(content);
        _values = new string?[fields.Targets.Count];
        _isPending = ReadLine();
        string[] names = NamesOf(Text, out string?[] held);
        int[] places = fields.Find(
            names, place => held[place] is { } text && TimeText.LooksLikeMoment(text, fields.TimeFormat));

        // What the first object leaves out, others may have.
        for (int i = 0; i < _values.Length; i++)
        {
            _fields.TryAdd(places[i] < 0 ? fields.FileColumns[i] : names[places[i]], i);
        }
    }

    public ReadOnlySpan<string?> Values => _values;

    public long Line { get; private set; }

    public string Text { get; private set; } = "";

    public string? Refusal { get; private set; }

    public bool Read()
    {
        if (!_isPending && !ReadLine())
        {
            return false;
        }

        _isPending = false;
        Array.Clear(_values);
        Refusal = null;
        try
        {
            ReadObject(Encoding.UTF8.GetBytes(Text));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Utf8JsonReader tells of half surrogates by InvalidOperationException.
            Refusal = $"it is not a JSON object: {e.Message}";
        }

        return true;
    }

    public void Dispose() => _text.Dispose();

    private bool ReadLine()
    {
        do
        {
            if (_text.ReadLine() is not { } line)
            {
                return false;
            }

            Text = line;
            Line++;
        }
        while (string.IsNullOrWhiteSpace(Text));

        return true;
    }

    // The keys of an object and the values that are texts or numbers; none where the text is no object.
    private static string[] NamesOf(string text, out string?[] held)
    {
        held = [];
        try
        {
            if (JsonNode.Parse(text) is not JsonObject first)
            {
                return [];
            }

            held = [.. first.Select(static pair => (pair.Value as JsonValue)?.ToString())];
            return [.. first.Select(static pair => pair.Key)];
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return [];
        }
    }

    private void ReadObject(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("it begins otherwise.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isField = _fields.TryGetValue(reader.GetString()!, out int field);
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            string? text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            bool isNull = reader.TokenType == JsonTokenType.Null;
            reader.Skip();
            if (isField && !isNull)
            {
                _values[field] = text ?? Encoding.UTF8.GetString(json[start..(int)reader.BytesConsumed]);
            }
        }

        if (reader.Read())
        {
            throw new JsonException("something follows the object.");
        }
    }
}
