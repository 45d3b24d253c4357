using System.Globalization;
using System.Text;
using Tandem.Events;

namespace Tandem.Workspace.Import;

/// <summary>Reads libsvm lines: <c>label [qid:n] index:value … [# comment]</c>, indexes rising.</summary>
/// <remarks>Columns are <c>label</c>, <c>qid</c>, <c>comment</c>, <c>row</c> (part and line, such as <c>train-7</c>: an
/// entity for rows that have none), <c>indexes</c> and <c>values</c> (two lists in step), and every index by its
/// number, where an index that a line leaves out is 0, as the format has it.</remarks>
internal sealed class LibsvmRows : IRowReader
{
    public const string Label = "label";
    public const string QueryId = "qid";
    private const string Comment = "comment";
    private const string Row = "row";
    public const string Indexes = "indexes";
    private const string NumbersOfIndexes = "values";
    private static readonly string[] Named = [Label, QueryId, Comment, Row, Indexes, NumbersOfIndexes];

    private readonly TextReader _text;
    private readonly string _part;
    private readonly string[] _columns;
    private readonly string?[] _values;
    private readonly string?[] _unnamed;
    private readonly ILookup<long, int> _fieldsByIndex;
    private readonly StringBuilder _indexes = new();
    private readonly StringBuilder _numbers = new();

    public LibsvmRows(DataFile file, Stream content, RowFields fields)
        : this(new StreamReader(content), file.Part, file.Path, fields)
    {
    }

    /// <summary>Reads the one line that the quarantine keeps.</summary>
    public LibsvmRows(QuarantinedRow row, RowFields fields)
        : this(new StringReader(row.Text), row.Fields!.Part, row.File!, fields) => Line = row.Line!.Value - 1;

    private LibsvmRows(TextReader text, string part, string path, RowFields fields)
    {
        _text = text;
        _part = part;
        string[] numbered = [.. fields.FileColumns.Where(static column => TryIndex(column, out _))];
        string[] names = [.. Named, .. numbered.Distinct(StringComparer.Ordinal)];
        int[] places = fields.Locate(path, names, static _ => false);
        Names = names;
        _columns = [.. places.Select(place => place < 0 ? "" : names[place])];
        _values = new string?[_columns.Length];
        _unnamed = [.. _columns.Select(static column => TryIndex(column, out _) ? "0" : null)];
        _fieldsByIndex = Enumerable.Range(0, _columns.Length).Where(field => _unnamed[field] is not null)
            .ToLookup(field => long.Parse(_columns[field], NumberStyles.None, CultureInfo.InvariantCulture));
    }

    public IReadOnlyList<string> Names { get; }

    public ReadOnlySpan<string?> Values => _values;

    public long Line { get; private set; }

    public string Text { get; private set; } = "";

    public QuarantinedFields? Fields => new() { Format = "", Part = "" };

    public string? Refusal { get; private set; }

    public bool Read()
    {
        while (_text.ReadLine() is { } line)
        {
            Line++;
            int mark = line.IndexOf('#', StringComparison.Ordinal);
            ReadOnlySpan<char> row = (mark < 0 ? line : line.AsSpan(0, mark)).Trim();
            if (row.Length > 0)
            {
                Text = line;
                string? comment = mark < 0 ? null : line[(mark + 1)..].Trim();
                Refusal = Take(row, comment is "" ? null : comment);
                return true;
            }
        }

        return false;
    }

    public void Dispose() => _text.Dispose();

    private static bool TryIndex(ReadOnlySpan<char> text, out long index) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out index);

    private string? Take(ReadOnlySpan<char> row, string? comment)
    {
        ReadOnlySpan<char> label = default;
        ReadOnlySpan<char> queryId = default;
        long last = -1;
        _indexes.Clear();
        _numbers.Clear();
        _unnamed.CopyTo(_values, 0);
        foreach (Range range in row.SplitAny(' ', '\t'))
        {
            ReadOnlySpan<char> word = row[range];
            int colon = word.IndexOf(':');
            if (word.IsEmpty)
            {
                continue;
            }

            if (label.IsEmpty)
            {
                if (colon >= 0)
                {
                    return "it begins with no label";
                }

                label = word;
            }
            else if (last < 0 && queryId.IsEmpty && word.StartsWith("qid:") && word.Length > "qid:".Length)
            {
                queryId = word["qid:".Length..];
            }
            else if (colon < 0 || !TryIndex(word[..colon], out long index))
            {
                return $"'{word}' is not index:value";
            }
            else if (index <= last)
            {
                return $"index {index.ToString(CultureInfo.InvariantCulture)} does not rise";
            }
            else if (!double.TryParse(
                word[(colon + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ||
                !double.IsFinite(number))
            {
                return $"the value of '{word}' is not a number";
            }
            else
            {
                last = index;
                TakeNumber(index, word[(colon + 1)..]);
            }
        }

        Fill(label, queryId, comment);
        return null;
    }

    private void TakeNumber(long index, ReadOnlySpan<char> number)
    {
        _indexes.Append(ColumnText.UnitSeparator).Append(CultureInfo.InvariantCulture, $"{index}");
        _numbers.Append(ColumnText.UnitSeparator).Append(number);
        foreach (int field in _fieldsByIndex[index])
        {
            _values[field] = number.ToString();
        }
    }

    private void Fill(ReadOnlySpan<char> label, ReadOnlySpan<char> queryId, string? comment)
    {
        for (int i = 0; i < _columns.Length; i++)
        {
            _values[i] = _columns[i] switch
            {
                Label => label.ToString(),
                QueryId => queryId.IsEmpty ? null : queryId.ToString(),
                Comment => comment,
                Row => string.Create(CultureInfo.InvariantCulture, $"{_part}-{Line}"),
                Indexes => ListOf(_indexes),
                NumbersOfIndexes => ListOf(_numbers),
                _ => _values[i],
            };
        }
    }

    private static string ListOf(StringBuilder items) =>
        items.Length == 0 ? $"{ColumnText.UnitSeparator}" : items.ToString();
}
