namespace Tandem.Features;

/// <summary>What an operator reads of each event.</summary>
public enum OperatorInput
{
    /// <summary>Nothing but that it happened, and when.</summary>
    Nothing = 0,

    /// <summary>A column with one value in a row, or an entity.</summary>
    Anything = 1,

    /// <summary>A whole, number or flag column.</summary>
    Number = 2,

    /// <summary>A text column or an entity.</summary>
    Text = 3,
}
