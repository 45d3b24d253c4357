using System.Globalization;
using Tandem.Events;
using Tandem.Lake;

namespace Tandem.Workspace.Import;

/// <summary>Reads the rows of a Parquet file; a row's line is its number.</summary>
internal sealed class ParquetRows : IRowReader
{
    // Stands for the column's type.
    private const string AnyMoment = "2026-01-01";

    private readonly LakeFile _file;
    private readonly LakeReader _rows;
    private readonly string[] _names;
    private readonly string?[] _moments;
    private readonly int[] _places;
    private readonly string?[] _values;
    private int _row = -1;

    public ParquetRows(DataFile file, RowFields fields, CancellationToken cancellationToken)
    {
        _file = LakeFile.Open(file.Path, LakeFileFormat.Parquet, cancellationToken: cancellationToken);
        string[] names = [.. _file.Columns.Select(column => column.Name)];
        int[] places = fields.Locate(
            file.Path, names, place => _file.Columns[place].Type == LakeType.Time);
        int[] wanted = [.. places.Where(place => place >= 0).Distinct()];

        // The reader's first column is the row's number.
        _places = [.. places.Select(place => place < 0 ? -1 : Array.IndexOf(wanted, place) + 1)];
        _values = new string?[places.Length];
        _names = [.. wanted.Select(place => names[place])];
        _moments = [.. wanted.Select(place => _file.Columns[place].Type == LakeType.Time ? AnyMoment : null)];
        _rows = _file.Read(_names, cancellationToken);
    }

    public IReadOnlyList<string> Names => [.. _file.Columns.Select(static column => column.Name)];

    public ReadOnlySpan<string?> Values => _values;

    public long Line => _rows.Wholes(0)[_row];

    public string Text => string.Join('\t', _values);

    public QuarantinedFields? Fields => new()
    {
        Format = "",
        Part = "",
        Columns = _names,
        Values = [.. Enumerable.Range(1, _names.Length).Select(ValueAt)],
        Moments = TimeText.NullWhereNone(_moments),
    };

    public string? Refusal => null;

    public bool Read()
    {
        if (++_row >= _rows.RowCount)
        {
            if (!_rows.Read())
            {
                return false;
            }

            _row = 0;
        }

        for (int i = 0; i < _values.Length; i++)
        {
            _values[i] = _places[i] < 0 ? null : ValueAt(_places[i]);
        }

        return true;
    }

    public void Dispose()
    {
        _rows.Dispose();
        _file.Dispose();
    }

    private string? ValueAt(int column) => _rows.IsNull(column, _row) ? null : TextOf(column);

    private string? TextOf(int column) => _rows.Columns[column].Type switch
    {
        LakeType.Text => _rows.Text(column, _row),
        LakeType.Whole => _rows.Wholes(column)[_row].ToString(CultureInfo.InvariantCulture),
        LakeType.Number => _rows.Numbers(column)[_row].ToString("R", CultureInfo.InvariantCulture),
        LakeType.Flag => _rows.Flags(column)[_row] ? "true" : "false",
        LakeType.Time => TimeText.Write(_rows.TimesMicros(column)[_row]),
        LakeType.NumberList => Numbers(_rows.NumberList(column, _row)),
        LakeType.TextList => Texts(column),
        _ => throw new System.Diagnostics.UnreachableException($"{_rows.Columns[column].Type}"),
    };

    private static string Numbers(ReadOnlySpan<float> list)
    {
        string[] items = new string[list.Length];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = list[i].ToString("R", CultureInfo.InvariantCulture);
        }

        return Join(items);
    }

    private string Texts(int column)
    {
        string[] items = new string[_rows.TextListLength(column, _row)];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = System.Text.Encoding.UTF8.GetString(_rows.TextListUtf8(column, _row, i));
        }

        return Join(items);
    }

    private static string Join(string[] items) =>
        ColumnText.UnitSeparator + string.Join(ColumnText.UnitSeparator, items);
}
