namespace Tandem.Learning.Inputs;

/// <summary>Sparse rows that are filled again and again: columns with values, row after row.</summary>
internal sealed class EntryRows(int rowCapacity)
{
    private readonly int[] _starts = new int[rowCapacity + 1];
    private int[] _columns = new int[rowCapacity];
    private float[] _values = new float[rowCapacity];

    public int RowCount { get; private set; }

    public int Count { get; private set; }

    public ReadOnlySpan<int> Columns => _columns.AsSpan(0, Count);

    public ReadOnlySpan<float> Values => _values.AsSpan(0, Count);

    /// <summary>Where each row begins, length rows + 1.</summary>
    public ReadOnlySpan<int> Starts => _starts.AsSpan(0, RowCount + 1);

    public ReadOnlySpan<int> ColumnsOf(int row) => _columns.AsSpan(_starts[row].._starts[row + 1]);

    public ReadOnlySpan<float> ValuesOf(int row) => _values.AsSpan(_starts[row].._starts[row + 1]);

    public void Clear()
    {
        RowCount = 0;
        Count = 0;
    }

    public void Add(int column, float value)
    {
        Reserve(1);
        _columns[Count] = column;
        _values[Count++] = value;
    }

    /// <summary>Adds entries that the caller fills in; valid until the next call.</summary>
    public void Add(int count, out Span<int> columns, out Span<float> values)
    {
        Reserve(count);
        columns = _columns.AsSpan(Count, count);
        values = _values.AsSpan(Count, count);
        Count += count;
    }

    /// <summary>Ends the row that entries were added to.</summary>
    public void EndRow() => _starts[++RowCount] = Count;

    private void Reserve(int count)
    {
        if (Count + count > _columns.Length)
        {
            int length = Math.Max(Count + count, 2 * Count);
            Array.Resize(ref _columns, length);
            Array.Resize(ref _values, length);
        }
    }
}
