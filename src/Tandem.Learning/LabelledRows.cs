namespace Tandem.Learning;

/// <summary>Rows of features with what became of them: the training data of row scorers.</summary>
public sealed record LabelledRows
{
    /// <summary>Length of the dense part of a row.</summary>
    public required int DenseCount { get; init; }

    /// <summary>Number of sparse columns.</summary>
    public required int SparseCount { get; init; }

    /// <summary>Dense parts, shape (rows, dense), row-major; finite.</summary>
    public required float[] Dense { get; init; }

    /// <summary>Where the sparse part of each row begins, length rows + 1, from 0.</summary>
    public required int[] Starts { get; init; }

    /// <summary>Columns of the sparse parts, each once a row.</summary>
    public required int[] Columns { get; init; }

    /// <summary>Their values, as long; finite.</summary>
    public required float[] Values { get; init; }

    /// <summary>1 for a positive, 0 for a negative, one a row.</summary>
    public required float[] Labels { get; init; }

    /// <summary>Weight of each row, > 0; empty means 1 for all.</summary>
    public float[] Weights { get; init; } = [];

    /// <summary>Number of rows.</summary>
    public int Count => Labels.Length;

    /// <summary>The rows without their labels.</summary>
    public FeatureRows Features => new()
    {
        Count = Count,
        Dense = Dense,
        Starts = Starts,
        Columns = Columns,
        Values = Values,
    };

    /// <summary>Some of the rows, in the order given.</summary>
    /// <param name="rows">Indices of rows.</param>
    public LabelledRows Take(ReadOnlySpan<int> rows)
    {
        float[] dense = new float[(long)rows.Length * DenseCount];
        int[] starts = new int[rows.Length + 1];
        for (int i = 0; i < rows.Length; i++)
        {
            Dense.AsSpan(rows[i] * DenseCount, DenseCount).CopyTo(dense.AsSpan(i * DenseCount));
            starts[i + 1] = starts[i] + Starts[rows[i] + 1] - Starts[rows[i]];
        }

        int[] columns = new int[starts[^1]];
        float[] values = new float[starts[^1]];
        float[] labels = new float[rows.Length];
        float[] weights = Weights.Length == 0 ? [] : new float[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            int from = Starts[rows[i]];
            int length = starts[i + 1] - starts[i];
            Columns.AsSpan(from, length).CopyTo(columns.AsSpan(starts[i]));
            Values.AsSpan(from, length).CopyTo(values.AsSpan(starts[i]));
            labels[i] = Labels[rows[i]];
            if (weights.Length > 0)
            {
                weights[i] = Weights[rows[i]];
            }
        }

        return this with
        {
            Dense = dense,
            Starts = starts,
            Columns = columns,
            Values = values,
            Labels = labels,
            Weights = weights,
        };
    }
}
