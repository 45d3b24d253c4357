namespace Tandem.Features;

/// <summary>What a feature's value is.</summary>
public enum FeatureKind
{
    /// <summary>Nothing: no event in the window, or too old.</summary>
    Null = 0,

    /// <summary>A number.</summary>
    Number = 1,

    /// <summary>A text.</summary>
    Text = 2,

    /// <summary>A list of ids or texts, oldest first.</summary>
    Ids = 3,

    /// <summary>A list of numbers, best first.</summary>
    Numbers = 4,

    /// <summary>Texts with how often they occur, most frequent first.</summary>
    Counts = 5,

    /// <summary>Ids or texts with the age of each and perhaps a weight, oldest first.</summary>
    Sequence = 6,
}
