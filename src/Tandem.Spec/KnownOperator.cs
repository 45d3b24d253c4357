namespace Tandem.Spec;

/// <summary>An operator that a feature may use.</summary>
/// <param name="Name">Name in tandem.yaml, such as <c>mean</c>.</param>
/// <param name="Summary">One line of help.</param>
/// <param name="NeedsColumn">True where it reads a column or an entity; <c>count</c> reads none.</param>
/// <param name="NeedsNumber">True where that column must hold numbers or flags.</param>
/// <param name="NeedsText">True where that column must hold texts, or be an entity.</param>
/// <param name="TakesK">True where <c>k</c> says how many values it keeps.</param>
public sealed record KnownOperator(
    string Name, string Summary, bool NeedsColumn, bool NeedsNumber = false, bool NeedsText = false,
    bool TakesK = false);
