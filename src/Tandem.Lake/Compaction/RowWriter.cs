using System.Text;
using System.Text.Json;
using Tandem.Lake.Native;

namespace Tandem.Lake.Compaction;

/// <summary>Writes the events of one type into chunks of its table's columns, for one thread.</summary>
internal sealed class RowWriter
{
    private readonly ValueWriter _values;
    private readonly ExtraData _extra = new();
    private readonly ExtraData _strangers = new();
    private readonly byte[][] _names;
    private readonly byte[][] _likely;
    private readonly LakeType[] _types;
    private readonly bool[] _isSet;
    private readonly int _firstEntity;
    private readonly int _firstColumn;
    private readonly int _extraColumn;
    private readonly bool _hasEntity;
    private readonly DuckColumns _chunk;
    private int _row;

    public RowWriter(BatchTable table, DuckColumns chunk)
    {
        IReadOnlyList<LakeColumn> columns = table.Columns;
        _names = [.. columns.Select(static column => Encoding.UTF8.GetBytes(column.Name))];
        _likely = [.. columns.Select(static column => Likely(column.Name))];
        _types = [.. columns.Select(static column => column.Type)];
        _isSet = new bool[columns.Count];
        _extraColumn = columns.Count - 1;
        _firstEntity = LakeEnvelope.Columns.Count - 1;
        _firstColumn = _firstEntity + table.Declared.Entities.Count;
        _hasEntity = table.Declared.Entities.Count > 0;
        _chunk = chunk;
        _values = new ValueWriter(chunk);
    }

    /// <summary>What was found in the rows.</summary>
    public RowFigures Figures { get; } = new();

    /// <summary>Writes one event.</summary>
    /// <param name="row">Where it goes in the chunk; rows are filled in rising order.</param>
    /// <param name="line">The event.</param>
    /// <param name="logPosition">Where in the log it stands.</param>
    /// <param name="time">Its event time, as <see cref="EventRow.Time"/> has it.</param>
    /// <exception cref="JsonException">A value of the envelope is not what an event may hold.</exception>
    public void Write(int row, in EventLine line, long logPosition, long time)
    {
        _row = row;
        _extra.Clear();
        Array.Clear(_isSet);
        WriteEnvelope(line, logPosition, time);
        WriteEntities(line);
        WriteData(line);
        if (!_extra.IsEmpty)
        {
            _chunk.SetUtf8(_extraColumn, _row, _extra.Close());
            _isSet[_extraColumn] = true;
        }

        for (int column = 0; column < _isSet.Length; column++)
        {
            if (!_isSet[column])
            {
                _chunk.SetNull(column, _row);
            }
        }

        Count();
    }

    private void Count()
    {
        Figures.Add(
            _chunk.Utf8(0, _row),
            _isSet[2] ? _chunk.Column<long>(2)[_row] : null,
            _isSet[3] ? _chunk.Column<long>(3)[_row] : null);
        if (_hasEntity && _isSet[_firstEntity])
        {
            Figures.AddEntity(_chunk.Utf8(_firstEntity, _row));
        }
    }

    private void WriteEnvelope(in EventLine line, long logPosition, long time)
    {
        Set(0, LakeType.Text, line, line.Id);
        _chunk.Column<long>(1)[_row] = logPosition;
        _isSet[1] = true;
        if (time != EventRow.NoTime)
        {
            _chunk.Column<long>(2)[_row] = time;
            _isSet[2] = true;
        }

        Set(3, LakeType.Time, line, line.Known);
        if (line.Tenant.IsPresent)
        {
            Set(4, LakeType.Text, line, line.Tenant);
        }
        else
        {
            _chunk.SetUtf8(4, _row, "default"u8);
            _isSet[4] = true;
        }

        Set(5, LakeType.Text, line, line.Request);
        Set(6, LakeType.Whole, line, line.Position);
        Set(7, LakeType.Number, line, line.Propensity);
        Set(8, LakeType.Text, line, line.Model);
        if (line.Features.IsPresent)
        {
            _chunk.SetUtf8(9, _row, line.Features.Of(line.Bytes));
            _isSet[9] = true;
        }
    }

    private void Set(int column, LakeType type, in EventLine line, JsonSlice slice)
    {
        if (!slice.IsPresent)
        {
            return;
        }

        if (!TrySet(column, line.Bytes, slice))
        {
            throw new JsonException($"'{LakeEnvelope.Columns[column].Name}' is not a {type}");
        }

        _isSet[column] = true;
    }

    private void WriteEntities(in EventLine line)
    {
        if (!line.Entities.IsPresent)
        {
            return;
        }

        _strangers.Clear();
        ReadOnlySpan<byte> json = line.Entities.Of(line.Bytes);
        WriteObject(json, _firstEntity, _firstColumn, _strangers);
        if (!_strangers.IsEmpty)
        {
            _extra.Add(ExtraData.EntitiesKey, _strangers.Close());
        }
    }

    private void WriteData(in EventLine line)
    {
        if (line.Data.IsPresent)
        {
            WriteObject(line.Data.Of(line.Bytes), _firstColumn, _extraColumn, _extra);
        }
    }

    /// <summary>Writes an object's values into a range of columns, and the others into what is left over. Events of one
    /// type mostly name their values in the same order, so the column behind the last one is looked for first.</summary>
    private void WriteObject(ReadOnlySpan<byte> json, int first, int end, ExtraData rest)
    {
        JsonMembers members = new(json);
        int expected = first;
        while (members.Next(expected < end ? _likely[expected] : default))
        {
            JsonSlice value = members.Value;
            int column = members.IsLikely ? expected : Find(json, members.Name, first, end);
            if (column >= 0)
            {
                expected = column + 1;
                _isSet[column] = value.IsPresent && TrySet(column, json, value);
                if (_isSet[column] || !value.IsPresent)
                {
                    continue;
                }
            }

            rest.Add(members.Name.Inside(json), value.Of(json));
        }
    }

    /// <summary>Writes a value into its column. Nearly every text takes the short way; the reader takes the
    /// others.</summary>
    private bool TrySet(int column, ReadOnlySpan<byte> json, JsonSlice value)
    {
        if (value.IsPlainString
            ? _values.TryPlain(_types[column], column, _row, value.Inside(json))
            : value.Kind == JsonTokenType.Number && _values.TryPlainNumber(_types[column], column, _row, value.Of(json)))
        {
            return true;
        }

        Utf8JsonReader reader = new(value.Of(json));
        reader.Read();
        return _values.TryWrite(_types[column], column, _row, ref reader);
    }

    /// <summary>A name as a member without spaces begins; nothing for one that has to be escaped.</summary>
    private static byte[] Likely(string name) =>
        name.AsSpan().ContainsAny('"', '\\') ? [] : Encoding.UTF8.GetBytes($"\"{name}\":");

    /// <summary>Column of a name, or -1.</summary>
    private int Find(ReadOnlySpan<byte> json, JsonSlice slice, int first, int end)
    {
        ReadOnlySpan<byte> name = slice.IsEscaped ? slice.Unescaped(json) : slice.Inside(json);
        for (int column = first; column < end; column++)
        {
            if (name.SequenceEqual(_names[column]))
            {
                return column;
            }
        }

        return -1;
    }
}
