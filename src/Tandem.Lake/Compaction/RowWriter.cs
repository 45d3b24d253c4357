using System.Text;
using System.Text.Json;
using Tandem.Lake.Native;

namespace Tandem.Lake.Compaction;

/// <summary>Writes the events of one type into one table of the batch, for one thread.</summary>
internal sealed class RowWriter : IDisposable
{
    private readonly DuckAppender _appender;
    private readonly ValueWriter _values;
    private readonly ExtraData _extra = new();
    private readonly ExtraData _strangers = new();
    private readonly byte[][] _names;
    private readonly LakeType[] _types;
    private readonly bool[] _isSet;
    private readonly int _firstEntity;
    private readonly int _firstColumn;
    private readonly int _extraColumn;
    private int _row;

    public RowWriter(DuckConnection connection, BatchTable table)
    {
        TypeName = Encoding.UTF8.GetBytes(table.Declared.Name);
        IReadOnlyList<LakeColumn> columns = table.Columns;
        _names = [.. columns.Select(static column => Encoding.UTF8.GetBytes(column.Name))];
        _types = [.. columns.Select(static column => column.Type)];
        _isSet = new bool[columns.Count];
        _extraColumn = columns.Count - 1;
        _firstEntity = LakeEnvelope.Columns.Count - 1;
        _firstColumn = _firstEntity + table.Declared.Entities.Count;
        _appender = new DuckAppender(connection, table.SqlName);
        _values = new ValueWriter(_appender);
    }

    /// <summary>The events' type, in UTF-8.</summary>
    public byte[] TypeName { get; }

    /// <summary>Writes one event.</summary>
    /// <exception cref="JsonException">A value of the envelope is not what an event may hold.</exception>
    public void Write(in EventLine line, long logPosition)
    {
        _extra.Clear();
        Array.Clear(_isSet);
        WriteEnvelope(line, logPosition);
        WriteEntities(line);
        WriteData(line);
        if (!_extra.IsEmpty)
        {
            _appender.SetUtf8(_extraColumn, _row, _extra.Close());
            _isSet[_extraColumn] = true;
        }

        for (int column = 0; column < _isSet.Length; column++)
        {
            if (!_isSet[column])
            {
                _appender.SetNull(column, _row);
            }
        }

        if (++_row == _appender.Capacity)
        {
            Send();
        }
    }

    /// <summary>Makes all rows visible in the table.</summary>
    public void Complete()
    {
        Send();
        _appender.Flush();
    }

    public void Dispose() => _appender.Dispose();

    private void Send()
    {
        if (_row > 0)
        {
            _appender.Send(_row);
            _row = 0;
        }
    }

    private void WriteEnvelope(in EventLine line, long logPosition)
    {
        Set(0, LakeType.Text, line, line.Id);
        _appender.Column<long>(1)[_row] = logPosition;
        _isSet[1] = true;
        Set(2, LakeType.Time, line, line.Time);
        Set(3, LakeType.Time, line, line.Known);
        if (line.Tenant.IsPresent)
        {
            Set(4, LakeType.Text, line, line.Tenant);
        }
        else
        {
            _appender.SetUtf8(4, _row, "default"u8);
            _isSet[4] = true;
        }

        Set(5, LakeType.Text, line, line.Request);
        Set(6, LakeType.Whole, line, line.Position);
        Set(7, LakeType.Number, line, line.Propensity);
        Set(8, LakeType.Text, line, line.Model);
        if (line.Features.IsPresent)
        {
            _appender.SetUtf8(9, _row, line.Features.Of(line.Bytes));
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

    /// <summary>Writes an object's values into a range of columns, and the others into what is left over.</summary>
    private void WriteObject(ReadOnlySpan<byte> json, int first, int end, ExtraData rest)
    {
        JsonMembers members = new(json);
        int expected = first;
        while (members.Next())
        {
            JsonSlice value = members.Value;
            int column = Find(json, members.Name, first, end, expected);
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
        if (value.IsPlainString && _values.TryPlain(_types[column], column, _row, value.Inside(json)))
        {
            return true;
        }

        Utf8JsonReader reader = new(value.Of(json));
        reader.Read();
        return _values.TryWrite(_types[column], column, _row, ref reader);
    }

    /// <summary>Column of a name, or -1. Events of one type mostly name their values in the same order, so the column
    /// behind the last one is asked first.</summary>
    private int Find(ReadOnlySpan<byte> json, JsonSlice slice, int first, int end, int expected)
    {
        ReadOnlySpan<byte> name = slice.IsEscaped ? Unescape(slice.Of(json)) : slice.Inside(json);
        if (expected < end && name.SequenceEqual(_names[expected]))
        {
            return expected;
        }

        for (int column = first; column < end; column++)
        {
            if (name.SequenceEqual(_names[column]))
            {
                return column;
            }
        }

        return -1;
    }

    private static byte[] Unescape(ReadOnlySpan<byte> text)
    {
        Utf8JsonReader reader = new(text);
        reader.Read();
        return Encoding.UTF8.GetBytes(reader.GetString() ?? "");
    }
}
