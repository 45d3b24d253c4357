namespace Tandem.Spec;

/// <summary>An operator that a feature may use.</summary>
/// <param name="Name">Name in tandem.yaml, such as <c>mean</c>.</param>
/// <param name="Summary">One line of help.</param>
/// <param name="NeedsColumn">True where it reads a column or an entity; <c>count</c> reads none.</param>
/// <param name="NeedsNumber">True where that column must hold numbers or flags.</param>
/// <param name="NeedsText">True where that column must hold texts, or be an entity.</param>
public sealed record KnownOperator(
    string Name, string Summary, bool NeedsColumn, bool NeedsNumber = false, bool NeedsText = false)
{
    /// <summary>True where it gives a list, which no expression reads.</summary>
    public bool GivesList { get; init; }

    /// <summary>Keys of an aggregate that it reads besides column and window, such as <c>k</c>.</summary>
    public IReadOnlyList<string> Takes { get; init; } = [];

    /// <summary>Those of <see cref="Takes"/> without which it means nothing, such as <c>half_life</c>.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];
}
