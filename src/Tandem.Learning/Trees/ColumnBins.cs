using Tandem.Numerics.Trees;

namespace Tandem.Learning.Trees;

/// <summary>The bins of one column, and where they stand in the binned rows.</summary>
internal sealed class ColumnBins
{
    private readonly Dictionary<int, byte>? _binOfCategory;
    private readonly float[] _padded = [];

    /// <summary>Bins of numbers.</summary>
    /// <param name="column">The column, sparse ones after the dense.</param>
    /// <param name="cuts">Greatest value of each bin but the last, ascending.</param>
    public ColumnBins(int column, float[] cuts)
    {
        Column = column;
        Cuts = cuts;
        ValueBins = cuts.Length + 1;
        _padded = BinSearch.Pad(cuts);
        ZeroBin = Bin(0);
    }

    /// <summary>Bins of categories: one each, and a last one for all others and for missing values.</summary>
    public ColumnBins(int column, int[] categories)
    {
        Column = column;
        Categories = categories;
        ValueBins = categories.Length + 1;
        _binOfCategory = new Dictionary<int, byte>(categories.Length);
        for (int bin = 0; bin < categories.Length; bin++)
        {
            _binOfCategory[categories[bin]] = (byte)bin;
        }
    }

    public int Column { get; }

    public float[] Cuts { get; } = [];

    /// <summary>Category of each bin but the last; null for numbers.</summary>
    public int[]? Categories { get; }

    /// <summary>Bins but that of missing values, 1 to 255.</summary>
    public int ValueBins { get; }

    /// <summary>Bin of 0, where the column is in a bundle.</summary>
    public int ZeroBin { get; }

    /// <summary>True once a value was found missing; its bin is the one after the others.</summary>
    public bool HasMissing { get; set; }

    /// <summary>Where the bins stand: a column of bytes.</summary>
    public int Slot { get; set; }

    /// <summary>0 for a column that has its slot for itself. Else the slot's number of the first bin that is not
    /// <see cref="ZeroBin"/>: columns of a bundle share their zeros.</summary>
    public int Offset { get; set; }

    /// <summary>Bins that a bundle must hold: all but that of 0.</summary>
    public int Width => ValueBins - 1;

    public int Bin(float value)
    {
        if (_binOfCategory is not null)
        {
            return value >= 0 && value < int.MaxValue && _binOfCategory.TryGetValue((int)value, out byte bin)
                ? bin
                : ValueBins - 1;
        }

        return float.IsNaN(value) ? ValueBins : BinSearch.Find(_padded, value);
    }

    /// <summary>The bins of some rows, where the column has its slot for itself.</summary>
    /// <param name="values">The table of dense values from the column's first of the rows on.</param>
    /// <param name="stride">Columns of the table.</param>
    /// <param name="slot">Receives the bins.</param>
    public void Fill(ReadOnlySpan<float> values, int stride, Span<byte> slot)
    {
        if (_binOfCategory is null)
        {
            if (BinSearch.Fill(values, stride, _padded, (byte)ValueBins, slot))
            {
                HasMissing = true;
            }

            return;
        }

        for (int row = 0; row < slot.Length; row++)
        {
            slot[row] = (byte)Bin(values[row * stride]);
        }
    }

    /// <summary>What a bin is called in its slot.</summary>
    public byte InSlot(int bin) =>
        (byte)(Offset == 0 ? bin : bin == ZeroBin ? 0 : Offset + bin - (bin > ZeroBin ? 1 : 0));

    /// <summary>The bin of a number of the slot; of another column's, it is that of 0.</summary>
    public int FromSlot(int value)
    {
        if (Offset == 0)
        {
            return value;
        }

        int bin = value - Offset;
        return bin < 0 || bin >= Width ? ZeroBin : bin + (bin >= ZeroBin ? 1 : 0);
    }
}
