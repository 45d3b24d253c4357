namespace Tandem.Features;

/// <summary>The value of a feature as of a moment: a number, a text, a list of ids, or null.</summary>
public readonly record struct FeatureValue
{
    private FeatureValue(FeatureKind kind, double number, string? text, IReadOnlyList<string>? ids)
    {
        Kind = kind;
        Number = number;
        Text = text;
        Ids = ids ?? [];
    }

    /// <summary>No value.</summary>
    public static FeatureValue Null => new(FeatureKind.Null, double.NaN, null, null);

    /// <summary>What the value is.</summary>
    public FeatureKind Kind { get; }

    /// <summary>True where there is no value.</summary>
    public bool IsNull => Kind == FeatureKind.Null;

    /// <summary>The number, or NaN.</summary>
    public double Number { get; }

    /// <summary>The text, or null.</summary>
    public string? Text { get; }

    /// <summary>The ids, oldest first, or none.</summary>
    public IReadOnlyList<string> Ids { get; }

    /// <summary>Makes a number; NaN makes null.</summary>
    /// <param name="number">The number.</param>
    public static FeatureValue Of(double number) =>
        double.IsNaN(number) ? Null : new(FeatureKind.Number, number, null, null);

    /// <summary>Makes a text.</summary>
    /// <param name="text">The text.</param>
    public static FeatureValue Of(string text) => new(FeatureKind.Text, double.NaN, text, null);

    /// <summary>Makes a list; an empty one makes null.</summary>
    /// <param name="ids">The ids, oldest first.</param>
    public static FeatureValue Of(IReadOnlyList<string> ids) =>
        ids.Count == 0 ? Null : new(FeatureKind.Ids, double.NaN, null, ids);
}
