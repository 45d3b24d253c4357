using Tandem.Features.Text;

namespace Tandem.Features.Encoders;

/// <summary>The caller's room for the sparse part of a row, filled from the front.</summary>
internal ref struct SparseEntries(Span<int> columns, Span<float> values)
{
    private readonly Span<int> _columns = columns;
    private readonly Span<float> _values = values;

    /// <summary>Entries written.</summary>
    public int Count { get; private set; }

    public readonly Span<int> FreeColumns => _columns[Count..];

    public readonly Span<float> FreeValues => _values[Count..];

    public void Add(int column, float value)
    {
        _columns[Count] = column;
        _values[Count++] = value;
    }

    /// <summary>Takes entries that were written into the free room, and moves their columns.</summary>
    public void Take(int count, int offset)
    {
        foreach (ref int column in _columns.Slice(Count, count))
        {
            column += offset;
        }

        Count += count;
    }

    /// <summary>Makes a bag of the entries from a place on: each column once, length 1.</summary>
    public void Bag(int from)
    {
        Count = from + TextVector.Merge(_columns[from..Count], _values[from..Count]);
        TextVector.Normalise(_values[from..Count]);
    }
}
