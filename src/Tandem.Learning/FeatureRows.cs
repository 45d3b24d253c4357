namespace Tandem.Learning;

/// <summary>Rows of numbers to score: each has a dense part, and a sparse part of columns with values.</summary>
public readonly ref struct FeatureRows
{
    /// <summary>Number of rows.</summary>
    public required int Count { get; init; }

    /// <summary>Dense parts, shape (rows, dense), row-major; finite, or NaN where a value is
    /// missing and the model takes that.</summary>
    public required ReadOnlySpan<float> Dense { get; init; }

    /// <summary>Where the sparse part of each row begins, length rows + 1; the first need not be 0. Empty where no row
    /// has one.</summary>
    public ReadOnlySpan<int> Starts { get; init; }

    /// <summary>Columns of the sparse parts, each once a row.</summary>
    public ReadOnlySpan<int> Columns { get; init; }

    /// <summary>Their values, as long; finite.</summary>
    public ReadOnlySpan<float> Values { get; init; }
}
