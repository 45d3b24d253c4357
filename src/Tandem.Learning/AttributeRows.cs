namespace Tandem.Learning;

/// <summary>What is known of users or items beside who chose what, encoded as numbers: one row each, with a dense part and
/// a sparse part of columns with values.</summary>
/// <remarks>Immutable by convention: the arrays are not copied.</remarks>
public sealed record AttributeRows
{
    /// <summary>No rows of no attributes.</summary>
    public static AttributeRows None { get; } = new()
    {
        DenseCount = 0,
        SparseCount = 0,
        Dense = [],
        Starts = [0],
        Columns = [],
        Values = [],
    };

    /// <summary>Length of the dense part of a row.</summary>
    public required int DenseCount { get; init; }

    /// <summary>Number of columns that the sparse part of a row may name, 0 to this, exclusive.</summary>
    public required int SparseCount { get; init; }

    /// <summary>Dense parts, shape (rows, dense), row-major; finite.</summary>
    public required float[] Dense { get; init; }

    /// <summary>Where the sparse part of each row begins, length rows + 1, from 0.</summary>
    public required int[] Starts { get; init; }

    /// <summary>Columns of the sparse parts, each once a row.</summary>
    public required int[] Columns { get; init; }

    /// <summary>Their values, as long; finite.</summary>
    public required float[] Values { get; init; }

    /// <summary>Number of rows.</summary>
    public int Count => Starts.Length - 1;

    /// <summary>True where there is nothing to know.</summary>
    public bool IsNone => DenseCount + SparseCount == 0;

    /// <summary>All rows.</summary>
    public FeatureRows All => Slice(0, Count);

    /// <summary>One row; no row where nothing is known.</summary>
    /// <param name="row">Its number.</param>
    public FeatureRows Row(int row) => IsNone ? default : Slice(row, 1);

    /// <summary>Some of the rows, in the order given.</summary>
    /// <param name="rows">Their numbers.</param>
    public AttributeRows Take(ReadOnlySpan<int> rows)
    {
        if (IsNone)
        {
            return this;
        }

        float[] dense = new float[(long)rows.Length * DenseCount];
        int[] starts = new int[rows.Length + 1];
        for (int i = 0; i < rows.Length; i++)
        {
            Dense.AsSpan(rows[i] * DenseCount, DenseCount).CopyTo(dense.AsSpan(i * DenseCount));
            starts[i + 1] = starts[i] + Starts[rows[i] + 1] - Starts[rows[i]];
        }

        int[] columns = new int[starts[^1]];
        float[] values = new float[starts[^1]];
        for (int i = 0; i < rows.Length; i++)
        {
            int length = starts[i + 1] - starts[i];
            Columns.AsSpan(Starts[rows[i]], length).CopyTo(columns.AsSpan(starts[i]));
            Values.AsSpan(Starts[rows[i]], length).CopyTo(values.AsSpan(starts[i]));
        }

        return this with { Dense = dense, Starts = starts, Columns = columns, Values = values };
    }

    /// <summary>These rows with others behind them.</summary>
    /// <param name="rows">The others; no row stands for rows of nothing.</param>
    /// <param name="count">How many they are.</param>
    public AttributeRows Append(in FeatureRows rows, int count)
    {
        int[] starts = new int[Count + count + 1];
        Starts.CopyTo(starts, 0);
        int shift = rows.Starts.IsEmpty ? 0 : Starts[^1] - rows.Starts[0];
        for (int row = 1; row <= count; row++)
        {
            starts[Count + row] = rows.Starts.IsEmpty ? Starts[^1] : rows.Starts[row] + shift;
        }

        Range sparse = rows.Starts.IsEmpty ? ..0 : rows.Starts[0]..rows.Starts[count];
        return this with
        {
            Dense = [.. Dense, .. rows.Count == 0 ? new float[count * DenseCount] : rows.Dense],
            Starts = starts,
            Columns = [.. Columns, .. rows.Columns[sparse]],
            Values = [.. Values, .. rows.Values[sparse]],
        };
    }

    /// <exception cref="ArgumentException">The arrays do not fit together, or there are not so many rows.</exception>
    internal void ThrowUnlessSound(string name, int rows)
    {
        bool fits = IsNone
            || (Count == rows && Starts[0] == 0 && Starts[^1] == Columns.Length && Columns.Length == Values.Length
                && Dense.LongLength == (long)rows * DenseCount
                && !Columns.AsSpan().ContainsAnyExceptInRange(0, SparseCount - 1));
        for (int row = 0; fits && row < Count; row++)
        {
            fits = Starts[row] <= Starts[row + 1];
        }

        if (!fits)
        {
            throw new ArgumentException(
                $"{name} must be {rows} rows of {DenseCount} dense numbers and columns from 0 to {SparseCount}.", name);
        }
    }

    private FeatureRows Slice(int first, int count) => new()
    {
        Count = count,
        Dense = Dense.AsSpan(first * DenseCount, count * DenseCount),
        Starts = Starts.AsSpan(first, count + 1),
        Columns = Columns,
        Values = Values,
    };
}
