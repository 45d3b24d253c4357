using System.Globalization;
using System.Text;
using CsvHelper;
using Tandem.Events;

namespace Tandem.Workspace.Import;

/// <summary>Reads CSV (RFC 4180, separated by what the first lines show: comma, semicolon, tab or bar) and TSV (no
/// quotes).</summary>
internal sealed class DelimitedRows : IRowReader
{
    // No row of plain data is as long; an unclosed quote makes one that is.
    private const int MaxRowBytes = 1 << 20;

    private readonly CsvReader _rows;
    private readonly string[] _names;
    private readonly string?[] _moments;
    private readonly int[] _places;
    private readonly string?[] _values;
    private readonly int _columnCount;
    private readonly bool _hasHeader;
    private string? _malformed;
    private bool _isPending;

    public DelimitedRows(DataFile file, Stream content, bool isTsv, bool hasHeader, RowFields fields)
    {
        CsvReaderOptions options = new()
        {
            Separator = isTsv ? '\t' : null,
            Mode = isTsv ? CsvMode.NoEscape : CsvMode.Rfc4180,
            HasHeader = hasHeader,
            MaxRecordSize = MaxRowBytes,
            TrackLineNumbers = true,
            PoolStrings = true,
            OnMalformedRecord = record => _malformed = $"its quotes are wrong ({record.Reason})",
        };
        _rows = CsvReader.Create(content, options, leaveOpen: true);

        // The first row tells what the columns hold, and without a header how many there are.
        _hasHeader = hasHeader;
        _isPending = _rows.Read();
        _names = hasHeader ? [.. _rows.Headers] : Unnamed(_rows.FieldCount, fields);
        _columnCount = hasHeader ? _names.Length : _rows.FieldCount;
        _moments = [.. Enumerable.Range(0, _names.Length).Select(MomentAt)];
        _places = fields.Locate(file.Path, _names, fields.HoldsMoments(_moments));
        _values = new string?[_places.Length];
    }

    public IReadOnlyList<string> Names => _hasHeader ? _names : Counted(_columnCount);

    public ReadOnlySpan<string?> Values => _values;

    public long Line => _rows.LineNumber;

    public string Text => Encoding.UTF8.GetString(_rows.RawRecord);

    public QuarantinedFields? Fields => Refusal is not null
        ? null
        : new()
        {
            Format = "",
            Part = "",
            Columns = _names,
            Values = [.. Enumerable.Range(0, _columnCount).Select(ValueAt)],
            Moments = TimeText.NullWhereNone(_moments),
        };

    public string? Refusal { get; private set; }

    public bool Read()
    {
        if (_isPending)
        {
            _isPending = false;
        }
        else
        {
            _malformed = null;
            if (!_rows.Read())
            {
                return false;
            }
        }

        Refusal = _malformed ?? (_rows.FieldCount == _columnCount
            ? null
            : $"it has {_rows.FieldCount} fields where the first line has {_columnCount}");
        for (int i = 0; i < _places.Length && Refusal is null; i++)
        {
            _values[i] = _places[i] < 0 ? null : ValueAt(_places[i]);
        }

        return true;
    }

    public void Dispose() => _rows.Dispose();

    /// <summary>Names of columns in a file without a first line of names: counted from 1; where tandem.yaml maps none,
    /// the fields come in their own order.</summary>
    public static string[] Unnamed(int count, RowFields fields) => fields.IsMapped.Contains(value: true)
        ? Counted(count)
        : [.. fields.FileColumns];

    private static string[] Counted(int count) =>
        [.. Enumerable.Range(1, count).Select(number => number.ToString(CultureInfo.InvariantCulture))];

    private string? ValueAt(int place) => _rows.IsEmpty(place) ? null : _rows.GetString(place);

    private string? MomentAt(int place) =>
        _isPending && place < _rows.FieldCount ? TimeText.IfMoment(_rows.GetString(place)) : null;
}
