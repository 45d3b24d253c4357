namespace Tandem.Spec;

/// <summary>What a search may try for one setting: some values, or all between two ends.</summary>
public sealed record ParameterRange
{
    /// <summary>The values to choose from, in the order of the file; empty where <see cref="From"/> and
    /// <see cref="To"/> say it.</summary>
    public IReadOnlyList<double> Values { get; init; } = [];

    /// <summary>Smallest value.</summary>
    public double From { get; init; }

    /// <summary>Largest value.</summary>
    public double To { get; init; }

    /// <summary>True where each doubling is as likely as the next: values are drawn evenly by their logarithm.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>True where only whole numbers make sense.</summary>
    public bool IsWhole { get; init; }

    /// <summary>The value at a share of the way.</summary>
    /// <param name="share">0 for the first value, just below 1 for the last.</param>
    public double At(double share)
    {
        if (Values.Count > 0)
        {
            return Values[Math.Clamp((int)(share * Values.Count), 0, Values.Count - 1)];
        }

        double value = IsLogarithmic
            ? Math.Exp(Math.Log(From) + (share * (Math.Log(To) - Math.Log(From))))
            : From + (share * (To - From));
        return Math.Clamp(IsWhole ? Math.Round(value) : value, From, To);
    }
}
