namespace Tandem.Features.Encoders;

/// <summary>Rows that encoders are fitted on, and others to encode with what was fitted.</summary>
public sealed record EncoderRows
{
    /// <summary>Names of the numbers, <c>view:feature</c>.</summary>
    public required IReadOnlyList<string> Numbers { get; init; }

    /// <summary>Numbers, shape (rows, names), row-major; NaN is null.</summary>
    public required float[] Values { get; init; }

    /// <summary>Features of texts.</summary>
    public IReadOnlyList<TextColumn> Texts { get; init; } = [];

    /// <summary>1 for a positive, 0 for a negative, one a row.</summary>
    public required float[] Labels { get; init; }

    /// <summary>Moment of each row, microseconds since 1970.</summary>
    public required long[] Times { get; init; }

    /// <summary>Microseconds after a row until its label is known for certain.</summary>
    public long LabelMicros { get; init; }

    /// <summary>True where encoders may learn from the row.</summary>
    public required bool[] IsTraining { get; init; }

    /// <summary>Number of rows.</summary>
    public int Count => Labels.Length;

    /// <summary>A number of the training rows.</summary>
    internal float[] TrainingValues(int index)
    {
        List<float> values = new(Count);
        for (int row = 0; row < Count; row++)
        {
            if (IsTraining[row])
            {
                values.Add(Values[(row * Numbers.Count) + index]);
            }
        }

        return [.. values];
    }
}
