using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tandem.Events;

namespace Tandem.Workspace.Import;

/// <summary>Reads JSON lines: each line one object, its keys the columns.</summary>
internal sealed class JsonRows : IRowReader
{
    private readonly TextReader _text;
    private readonly Dictionary<string, int> _fields = new(StringComparer.Ordinal);
    private readonly string?[] _values;
    private readonly IReadOnlyList<string> _names;
    private readonly IReadOnlyList<string?>? _moments;
    private bool _isPending;

    public JsonRows(Stream content, RowFields fields)
    {
        _text = new StreamReader(content);
        _values = new string?[fields.Targets.Count];
        _isPending = ReadLine();
        _names = NamesOf(Text, out string?[] moments);
        _moments = TimeText.NullWhereNone(moments);
        Locate(fields);
    }

    /// <summary>Reads the one line that the quarantine keeps, with what it knows of the file's first.</summary>
    public JsonRows(QuarantinedRow row, RowFields fields)
    {
        _text = new StringReader(row.Text);
        _values = new string?[fields.Targets.Count];
        _names = row.Fields!.Columns ?? [];
        _moments = row.Fields.Moments;
        Line = row.Line!.Value - 1;
        Locate(fields);
    }

    public IReadOnlyList<string> Names => _names;

    public ReadOnlySpan<string?> Values => _values;

    public long Line { get; private set; }

    public string Text { get; private set; } = "";

    public QuarantinedFields? Fields => new() { Format = "", Part = "", Columns = _names, Moments = _moments };

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

    // What the first object leaves out, others may have.
    private void Locate(RowFields fields)
    {
        int[] places = fields.Find(_names, fields.HoldsMoments(_moments ?? []));
        for (int i = 0; i < _values.Length; i++)
        {
            _fields.TryAdd(places[i] < 0 ? fields.FileColumns[i] : _names[places[i]], i);
        }
    }

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

    // The keys of an object and those of its texts and numbers that are moments; none where the text is no object.
    private static string[] NamesOf(string text, out string?[] moments)
    {
        moments = [];
        try
        {
            if (JsonNode.Parse(text) is not JsonObject first)
            {
                return [];
            }

            moments = [.. first.Select(static pair => TimeText.IfMoment((pair.Value as JsonValue)?.ToString()))];
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
