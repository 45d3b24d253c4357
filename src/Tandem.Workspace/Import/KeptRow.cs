using Tandem.Events;

namespace Tandem.Workspace.Import;

/// <summary>Reads one row of a table that the quarantine kept, as the file's reader would today.</summary>
internal sealed class KeptRow : IRowReader
{
    private readonly string?[] _values;
    private bool _isRead;

    /// <summary>Finds the source's fields among the row's columns.</summary>
    /// <param name="row">The row.</param>
    /// <param name="kept">What it was cut into.</param>
    /// <param name="hasHeader">False where columns go by their place.</param>
    /// <param name="fields">What the source has today.</param>
    /// <exception cref="Tandem.Faults.TandemException">WSP104: a column that must be there is not.</exception>
    public KeptRow(QuarantinedRow row, QuarantinedFields kept, bool hasHeader, RowFields fields)
    {
        IReadOnlyList<string?> values = kept.Values!;
        IReadOnlyList<string> names = hasHeader ? kept.Columns! : DelimitedRows.Unnamed(values.Count, fields);
        Predicate<int> holdsMoments = kept.Format == "parquet"
            ? place => (kept.Moments?[place]) is not null
            : fields.HoldsMoments(kept.Moments ?? []);
        int[] places = fields.Locate(row.File!, names, holdsMoments);
        _values = [.. places.Select(place => place < 0 || place >= values.Count ? null : values[place])];
        Line = row.Line!.Value;
        Text = row.Text;
        Fields = kept;
    }

    public IReadOnlyList<string> Names => Fields?.Columns ?? [];

    public ReadOnlySpan<string?> Values => _values;

    public long Line { get; }

    public string Text { get; }

    public QuarantinedFields? Fields { get; }

    public string? Refusal => null;

    public bool Read() => !_isRead && (_isRead = true);

    public void Dispose()
    {
    }
}
