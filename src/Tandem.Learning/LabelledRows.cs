namespace Tandem.Learning;

/// <summary>Rows of features with what became of them: the training data of row scorers.</summary>
public sealed record LabelledRows
{
    /// <summary>Length of the dense part of a row.</summary>
    public required int DenseCount { get; init; }

    /// <summary>Number of sparse columns.</summary>
    public required int SparseCount { get; init; }

    /// <summary>Dense parts, shape (rows, dense), row-major; finite, or NaN where a value is missing and the model takes
    /// that.</summary>
    public required float[] Dense { get; init; }

    /// <summary>For each dense column the number of categories that its values number from 0; 0 for plain numbers. Empty
    /// means numbers only.</summary>
    public int[] Categories { get; init; } = [];

    /// <summary>For each dense column 1 where scores may only rise with it, −1 where they may only fall, else 0; empty for none.
    /// Kinds that do not keep directions refuse them (<see cref="RowModelKind.TakesDirections"/>).</summary>
    public int[] Directions { get; init; } = [];

    /// <summary>Number from 0 of the field that each column is of, such as the feature that it encodes: dense columns first,
    /// then sparse ones. Empty means that each dense column is a field, and all sparse ones together are one.</summary>
    public int[] Fields { get; init; } = [];

    /// <summary>Where the sparse part of each row begins, length rows + 1, from 0.</summary>
    public required int[] Starts { get; init; }

    /// <summary>Columns of the sparse parts, each once a row.</summary>
    public required int[] Columns { get; init; }

    /// <summary>Their values, as long; finite.</summary>
    public required float[] Values { get; init; }

    /// <summary>What a label says.</summary>
    public RowTarget Target { get; init; } = RowTarget.Binary;

    /// <summary>The labels, shape (rows, <see cref="RowTarget.LabelCount"/>): 1 for a positive and 0 for a negative, unless
    /// the target says otherwise.</summary>
    public required float[] Labels { get; init; }

    /// <summary>Number of the group of each row, such as the query whose answers are ordered; rows of a group stand
    /// together. Empty where there are no groups.</summary>
    public int[] Groups { get; init; } = [];

    /// <summary>Weight of each row, > 0; empty means 1 for all.</summary>
    public float[] Weights { get; init; } = [];

    /// <summary>Number of rows.</summary>
    public int Count => Starts.Length - 1;

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
        int labelCount = Target.LabelCount;
        float[] labels = new float[rows.Length * labelCount];
        int[] groups = Groups.Length == 0 ? [] : new int[rows.Length];
        float[] weights = Weights.Length == 0 ? [] : new float[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            int from = Starts[rows[i]];
            int length = starts[i + 1] - starts[i];
            Columns.AsSpan(from, length).CopyTo(columns.AsSpan(starts[i]));
            Values.AsSpan(from, length).CopyTo(values.AsSpan(starts[i]));
            Labels.AsSpan(rows[i] * labelCount, labelCount).CopyTo(labels.AsSpan(i * labelCount));
            if (groups.Length > 0)
            {
                groups[i] = Groups[rows[i]];
            }

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
            Groups = groups,
            Weights = weights,
        };
    }
}
