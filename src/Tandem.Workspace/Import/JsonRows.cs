using System.Text;
using System.Text.Json;

namespace Tandem.Workspace.Import;

/// <summary>Reads JSON lines: each line one object, its keys the columns.</summary>
internal sealed class JsonRows : IRowReader
{
    private readonly StreamReader _text;
    private readonly Dictionary<string, int> _fields = new(StringComparer.Ordinal);
    private readonly string?[] _values;

    public JsonRows(Stream content, RowFields fields)
    {
        _text = new StreamReader(content);
        _values = new string?[fields.Targets.Count];
        for (int i = 0; i < _values.Length; i++)
        {
            _fields.TryAdd(fields.FileColumns[i], i);
        }
    }

    public ReadOnlySpan<string?> Values => _values;

    public long Line { get; private set; }

    public string Text { get; private set; } = "";

    public string? Refusal { get; private set; }

    public bool Read()
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
