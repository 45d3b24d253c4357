namespace Tandem.Learning;

/// <summary>Something seen in the rows that figures are of, and that they must be read with.</summary>
/// <param name="Name"><c>base-rate</c>: what is said where nothing is known; <c>drift</c>: a feature lies otherwise in the
/// rows that judge than in those to learn from; <c>leak</c>: a feature tells the label all by itself; <c>left-out</c>: a method
/// for rare positives cannot treat these rows.</param>
/// <param name="Column">The feature; null where it is about whole rows.</param>
/// <param name="IsWarning">True where figures may mislead.</param>
/// <param name="Words">What was seen, with figures.</param>
/// <param name="Figures">The figures by name.</param>
public sealed record DataCheck(
    string Name, string? Column, bool IsWarning, string Words, IReadOnlyDictionary<string, double> Figures);
