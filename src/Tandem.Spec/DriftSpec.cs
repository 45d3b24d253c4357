namespace Tandem.Spec;

/// <summary>Data drift settings.</summary>
public sealed record DriftSpec
{
    /// <summary>Numeric features to compare, as <c>view:feature</c>; empty compares all. Features that the served lists
    /// themselves change, such as those of shown items, drift with every new model: leave them out.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>Smallest population stability index that counts.</summary>
    public double MinimumPsi { get; init; } = 0.1;

    /// <summary>Significance of the Kolmogorov–Smirnov test after correction over features.</summary>
    public double Alpha { get; init; } = 0.01;

    /// <summary>Smallest Kolmogorov–Smirnov distance that counts.</summary>
    public double MinimumKs { get; init; } = 0.1;

    /// <summary>Rows below which the answer is <em>insufficient data</em>.</summary>
    public int MinimumRows { get; init; } = 500;
}
