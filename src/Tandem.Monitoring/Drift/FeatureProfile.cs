namespace Tandem.Monitoring.Drift;

/// <summary>A numeric feature as it was in the training set: how often it was missing, and how its values were
/// spread.</summary>
public sealed record FeatureProfile
{
    /// <summary>Points kept of a large column, unless asked otherwise.</summary>
    public const int DefaultPoints = 1000;

    /// <summary>Name of the feature.</summary>
    public required string Name { get; init; }

    /// <summary>Rows of the training set, missing ones included.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows without a finite value.</summary>
    public required long Nulls { get; init; }

    /// <summary>Values, ascending: all of them, or where there were more, quantiles at (i + ½)/count.</summary>
    public required IReadOnlyList<float> Points { get; init; }

    /// <summary>Profiles a column.</summary>
    /// <param name="name">Name of the feature.</param>
    /// <param name="values">One value a row, as the model sees it; what is not finite is missing.</param>
    /// <param name="points">Most points to keep, at least 2. The distance to another sample is then exact to
    /// 1/(2·points).</param>
    /// <remarks>O(n log n); copies the column.</remarks>
    public static FeatureProfile Of(string name, ReadOnlySpan<float> values, int points = DefaultPoints)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 2);
        float[] sorted = SortedValues(values);
        return new FeatureProfile
        {
            Name = name,
            Rows = values.Length,
            Nulls = values.Length - sorted.Length,
            Points = sorted.Length <= points ? sorted : Quantiles(sorted, points),
        };
    }

    /// <summary>The finite values of a column, ascending.</summary>
    internal static float[] SortedValues(ReadOnlySpan<float> values)
    {
        float[] kept = new float[values.Length];
        int count = 0;
        foreach (float value in values)
        {
            if (float.IsFinite(value))
            {
                kept[count++] = value;
            }
        }

        Array.Resize(ref kept, count);
        Array.Sort(kept);
        return kept;
    }

    private static float[] Quantiles(float[] sorted, int points)
    {
        float[] kept = new float[points];
        for (int i = 0; i < points; i++)
        {
            kept[i] = sorted[(int)((i + 0.5) * sorted.Length / points)];
        }

        return kept;
    }
}
