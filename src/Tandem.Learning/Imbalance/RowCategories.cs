namespace Tandem.Learning.Imbalance;

/// <summary>What of rows is a category: dense columns that number them, and fields of sparse columns such as a hashed text, of
/// which no row has more than one entry and each column one value throughout. Of other fields, such as bags of words, nothing
/// is.</summary>
internal sealed class RowCategories
{
    /// <summary>What stands for a field of which a row has no entry.</summary>
    public const int None = -1;

    private readonly int[] _codes;
    private readonly int[] _dense;
    private readonly int[] _placeOfField;
    private readonly float[] _valueOfColumn;
    private readonly LabelledRows _rows;

    public RowCategories(LabelledRows rows)
    {
        _rows = rows;
        _dense = [.. Enumerable.Range(0, rows.DenseCount).Where(column => rows.Categories.Length > 0 && rows.Categories[column] > 0)];
        _valueOfColumn = new float[rows.SparseCount];
        Array.Fill(_valueOfColumn, float.NaN);
        _placeOfField = Places(out int fields);
        Count = _dense.Length + fields;
        HasSparse = fields > 0;
        _codes = new int[(long)rows.Count * Count];
        for (int row = 0; row < rows.Count; row++)
        {
            Fill(row, _codes.AsSpan(row * Count, Count));
        }
    }

    /// <summary>Categories of a row.</summary>
    public int Count { get; }

    /// <summary>True where some are sparse.</summary>
    public bool HasSparse { get; }

    /// <summary>Dense columns of categories, which come first.</summary>
    public ReadOnlySpan<int> Dense => _dense;

    /// <summary>The categories of a row: numbers of dense columns, then sparse columns, or <see cref="None"/>.</summary>
    public ReadOnlySpan<int> Of(int row) => _codes.AsSpan(row * Count, Count);

    /// <summary>True where a sparse column stands for a category.</summary>
    public bool IsCategory(int column) => _placeOfField[Field(column)] >= 0;

    /// <summary>The value of a sparse column of categories.</summary>
    public float ValueOf(int column) => _valueOfColumn[column];

    private int Field(int column) => _rows.Fields.Length == 0 ? 0 : _rows.Fields[_rows.DenseCount + column];

    private void Fill(int row, Span<int> codes)
    {
        for (int i = 0; i < _dense.Length; i++)
        {
            codes[i] = (int)_rows.Dense[(row * _rows.DenseCount) + _dense[i]];
        }

        codes[_dense.Length..].Fill(None);
        for (int entry = _rows.Starts[row]; HasSparse && entry < _rows.Starts[row + 1]; entry++)
        {
            int place = _placeOfField[Field(_rows.Columns[entry])];
            if (place >= 0)
            {
                codes[place] = _rows.Columns[entry];
            }
        }
    }

    /// <summary>For each field its place among a row's categories, or -1.</summary>
    private int[] Places(out int fields)
    {
        int[] last = new int[_rows.Fields.Length == 0 ? 1 : _rows.Fields.Max() + 1];
        int[] places = new int[last.Length];
        Array.Fill(last, -1);
        Array.Fill(places, -1);
        HashSet<int> bags = [];
        for (int row = 0; row < _rows.Count; row++)
        {
            for (int entry = _rows.Starts[row]; entry < _rows.Starts[row + 1]; entry++)
            {
                int column = _rows.Columns[entry];
                int field = Field(column);
                float value = _rows.Values[entry];
                if (last[field] == row || (!float.IsNaN(_valueOfColumn[column]) && _valueOfColumn[column] != value))
                {
                    bags.Add(field);
                }

                last[field] = row;
                _valueOfColumn[column] = value;
            }
        }

        fields = 0;
        for (int field = 0; field < last.Length; field++)
        {
            if (last[field] >= 0 && !bags.Contains(field))
            {
                places[field] = _dense.Length + fields++;
            }
        }

        return places;
    }
}
