namespace Tandem.Learning;

/// <summary>One setting tried in one round of a search.</summary>
/// <param name="Name">Name of the setting, unique in the search: <c>ials #3</c>.</param>
/// <param name="Kind">Kind of model.</param>
/// <param name="Parameters">All its settings by name.</param>
/// <param name="Round">Round, from 1.</param>
/// <param name="UserShare">Share of the users, or of rows that stand alone, that it was fitted and judged on.</param>
public sealed record SearchTrial(
    string Name, string Kind, IReadOnlyDictionary<string, double> Parameters, int Round, double UserShare)
{
    /// <summary>The figure that settings are compared by, on validation rows; null where it failed.</summary>
    public double? Value { get; init; }

    /// <summary>The 95 % interval, two values; empty where it failed or intervals are off.</summary>
    public IReadOnlyList<double> Interval { get; init; } = [];

    /// <summary>Seconds to fit and judge.</summary>
    public double Seconds { get; init; }

    /// <summary>Why it failed; null where it did not.</summary>
    public string? Fault { get; init; }
}
