using System.Buffers;
using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tandem.Events;
using Tandem.Lake.Compaction;

namespace Tandem.Lake.Queries;

/// <summary>Reads the rows of one table as events, in the order of the log. For one thread.</summary>
internal sealed class EventCursor : IDisposable
{
    private const int Id = 0;
    private const int LogPosition = 1;
    private const int EventTime = 2;
    private const int KnownTime = 3;
    private const int Extra = 4;
    private const int FirstEntity = 5;

    private static readonly string[] Envelope =
    [
        LakeEnvelope.EventId, LakeEnvelope.LogPosition, LakeEnvelope.EventTime, LakeEnvelope.KnownTime,
        LakeEnvelope.Extra,
    ];

    private readonly LakeReader _reader;
    private readonly string _type;
    private readonly string[] _entities;
    private readonly int _columnCount;
    private readonly bool _isWhole;
    private readonly List<EntityKey> _keys = [];
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Utf8JsonWriter _json;
    private int _row = -1;

    /// <summary>Opens the query.</summary>
    public EventCursor(LakeSnapshot snapshot, LakeEventQuery query, CancellationToken cancellationToken)
    {
        _type = query.Table;
        _entities = [.. snapshot.EntitiesOf(query.Table)];
        _isWhole = query.Columns is null;
        string[] taken = [.. Envelope, .. _entities];
        string[] columns =
        [
            .. query.Columns ?? AllColumns(snapshot, query.Table).Except(taken, StringComparer.OrdinalIgnoreCase),
        ];
        _columnCount = columns.Length;
        _json = new Utf8JsonWriter(
            _bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        _reader = snapshot.Scan(
            new LakeQuery
            {
                Table = query.Table,
                Columns = [.. taken, .. columns],
                Where = query.Where,
                OrderBy = [LakeEnvelope.LogPosition],
            },
            cancellationToken);
    }

    /// <summary>Place of the current event in the log.</summary>
    public long Position => _reader.Wholes(LogPosition)[_row];

    /// <summary>Moves to the next event; false at the end.</summary>
    public bool MoveNext()
    {
        if (++_row < _reader.RowCount)
        {
            return true;
        }

        _row = 0;
        return _reader.Read();
    }

    /// <summary>Makes the current event.</summary>
    public EventRecord Read()
    {
        using JsonDocument? extra = _reader.IsNull(Extra, _row) ? null : JsonDocument.Parse(_reader.Text(Extra, _row)!);
        return new EventRecord
        {
            Id = _reader.Text(Id, _row)!,
            Type = _type,
            Entities = ReadEntities(extra),
            EventTime = _reader.IsNull(EventTime, _row)
                ? null
                : LakeTime.FromMicros(_reader.TimesMicros(EventTime)[_row]),
            KnownTime = LakeTime.FromMicros(_reader.TimesMicros(KnownTime)[_row]),
            Data = ReadData(_isWhole ? extra : null),
        };
    }

    public void Dispose()
    {
        _json.Dispose();
        _reader.Dispose();
    }

    /// <summary>The data's columns: those declared now, then those that older rows have.</summary>
    private static IEnumerable<string> AllColumns(LakeSnapshot snapshot, string table) => snapshot.ColumnsOf(table)
        .Concat(snapshot.Manifest.Find(table)?.Schemas.SelectMany(static schema => schema.Columns) ?? [])
        .Select(static column => column.Name)
        .Except(LakeEnvelope.Columns.Select(static column => column.Name), StringComparer.OrdinalIgnoreCase);

    private EntityKey[] ReadEntities(JsonDocument? extra)
    {
        _keys.Clear();
        for (int i = 0; i < _entities.Length; i++)
        {
            if (_reader.Text(FirstEntity + i, _row) is { } id)
            {
                _keys.Add(new EntityKey(_entities[i], id));
            }
        }

        if (extra is not null && extra.RootElement.TryGetProperty(ExtraData.EntitiesKey, out JsonElement strangers))
        {
            foreach (JsonProperty stranger in strangers.EnumerateObject())
            {
                if (!_entities.Contains(stranger.Name, StringComparer.Ordinal))
                {
                    _keys.Add(new EntityKey(stranger.Name, stranger.Value.GetString()!));
                }
            }
        }

        return [.. _keys];
    }

    private ReadOnlyMemory<byte> ReadData(JsonDocument? extra)
    {
        int first = FirstEntity + _entities.Length;
        _bytes.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        for (int i = 0; i < _columnCount; i++)
        {
            if (!_reader.IsNull(first + i, _row))
            {
                _json.WritePropertyName(_reader.Names[first + i]);
                WriteValue(first + i);
            }
        }

        foreach (JsonProperty member in extra?.RootElement.EnumerateObject() ?? default)
        {
            // A column declared later is read from here too, and stands there already.
            if (!member.NameEquals(ExtraData.EntitiesKey) && !HasValue(member.Name, first))
            {
                member.WriteTo(_json);
            }
        }

        _json.WriteEndObject();
        _json.Flush();
        return _bytes.WrittenCount == 2 ? default : _bytes.WrittenSpan.ToArray();
    }

    private bool HasValue(string name, int first)
    {
        for (int column = first; column < first + _columnCount; column++)
        {
            if (_reader.Names[column] == name)
            {
                return !_reader.IsNull(column, _row);
            }
        }

        return false;
    }

    private void WriteValue(int column)
    {
        switch (_reader.Columns[column].Type)
        {
            case LakeType.Text:
                _json.WriteStringValue(_reader.Utf8(column, _row));
                break;
            case LakeType.Whole:
                _json.WriteNumberValue(_reader.Wholes(column)[_row]);
                break;
            case LakeType.Number:
                _json.WriteNumberValue(_reader.Numbers(column)[_row]);
                break;
            case LakeType.Flag:
                _json.WriteBooleanValue(_reader.Flags(column)[_row]);
                break;
            case LakeType.Time:
                _json.WriteStringValue(LakeTime.FromMicros(_reader.TimesMicros(column)[_row]).UtcDateTime);
                break;
            case LakeType.NumberList:
                _json.WriteStartArray();
                foreach (float number in _reader.NumberList(column, _row))
                {
                    _json.WriteNumberValue(number);
                }

                _json.WriteEndArray();
                break;
            case LakeType.TextList:
                _json.WriteStartArray();
                for (int i = 0; i < _reader.TextListLength(column, _row); i++)
                {
                    _json.WriteStringValue(_reader.TextListUtf8(column, _row, i));
                }

                _json.WriteEndArray();
                break;
            default:
                throw new UnreachableException();
        }
    }
}
