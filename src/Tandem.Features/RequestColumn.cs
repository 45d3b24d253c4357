namespace Tandem.Features;

/// <summary>A value of the request, by row: numbers, flags (0 and 1) and moments (seconds since 1970) as numbers, or
/// texts.</summary>
public sealed record RequestColumn
{
    /// <summary>The numbers, NaN for null; empty where it holds texts.</summary>
    public double[] Numbers { get; init; } = [];

    /// <summary>The texts; empty where it holds numbers.</summary>
    public string?[] Texts { get; init; } = [];

    /// <summary>Number of rows.</summary>
    public int Count => Math.Max(Numbers.Length, Texts.Length);

    internal RequestColumn Take(int[] rows) => new()
    {
        Numbers = Numbers.Length == 0 ? [] : Array.ConvertAll(rows, row => Numbers[row]),
        Texts = Texts.Length == 0 ? [] : Array.ConvertAll(rows, row => Texts[row]),
    };
}
