namespace Tandem.Features;

/// <summary>The value of a feature as of a moment: a number, a text, a list, or null.</summary>
public readonly record struct FeatureValue
{
    private FeatureValue(FeatureKind kind)
    {
        Kind = kind;
    }

    /// <summary>No value.</summary>
    public static FeatureValue Null => new(FeatureKind.Null);

    /// <summary>What the value is.</summary>
    public FeatureKind Kind { get; }

    /// <summary>True where there is no value.</summary>
    public bool IsNull => Kind == FeatureKind.Null;

    /// <summary>The number, or NaN.</summary>
    public double Number { get; private init; } = double.NaN;

    /// <summary>The text, or null.</summary>
    public string? Text { get; private init; }

    /// <summary>The ids, oldest first, or the texts that <see cref="Numbers"/> counts; or none.</summary>
    public IReadOnlyList<string> Ids { get; private init; } = [];

    /// <summary>The numbers, best first, or how often each of <see cref="Ids"/> occurs, or how much each weighs, NaN where
    /// that is not known; or none.</summary>
    public IReadOnlyList<double> Numbers { get; private init; } = [];

    /// <summary>Age of each of <see cref="Ids"/> in a sequence, in seconds; or none.</summary>
    public IReadOnlyList<double> Ages { get; private init; } = [];

    /// <summary>Makes a number; NaN makes null.</summary>
    /// <param name="number">The number.</param>
    public static FeatureValue Of(double number) =>
        double.IsNaN(number) ? Null : new(FeatureKind.Number) { Number = number };

    /// <summary>Makes a text.</summary>
    /// <param name="text">The text.</param>
    public static FeatureValue Of(string text) => new(FeatureKind.Text) { Text = text };

    /// <summary>Makes a list; an empty one makes null.</summary>
    /// <param name="ids">The ids, oldest first.</param>
    public static FeatureValue Of(IReadOnlyList<string> ids) =>
        ids.Count == 0 ? Null : new(FeatureKind.Ids) { Ids = ids };

    /// <summary>Makes a list of numbers; an empty one makes null.</summary>
    /// <param name="numbers">The numbers, best first.</param>
    public static FeatureValue Of(IReadOnlyList<double> numbers) =>
        numbers.Count == 0 ? Null : new(FeatureKind.Numbers) { Numbers = numbers };

    /// <summary>Makes counts; none make null.</summary>
    /// <param name="texts">The texts, most frequent first.</param>
    /// <param name="counts">How often each occurs.</param>
    public static FeatureValue Of(IReadOnlyList<string> texts, IReadOnlyList<double> counts) =>
        texts.Count == 0 ? Null : new(FeatureKind.Counts) { Ids = texts, Numbers = counts };

    /// <summary>Makes a sequence; an empty one makes null.</summary>
    /// <param name="ids">The ids, oldest first.</param>
    /// <param name="ages">Age of each in seconds.</param>
    /// <param name="weights">Weight of each, NaN where it is not known; or none.</param>
    public static FeatureValue Of(
        IReadOnlyList<string> ids, IReadOnlyList<double> ages, IReadOnlyList<double> weights) =>
        ids.Count == 0 ? Null : new(FeatureKind.Sequence) { Ids = ids, Ages = ages, Numbers = weights };
}
