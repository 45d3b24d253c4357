namespace Tandem.Training.Leaks;

/// <summary>A leak that was found, or suspected.</summary>
/// <param name="Kind">Which kind.</param>
/// <param name="IsError">True where training stops; false for a warning.</param>
/// <param name="Column">The feature, <c>view:feature</c>; null where it is about whole rows.</param>
/// <param name="Evidence">What was seen, with figures.</param>
/// <param name="Rows">Rows that show it, three at most, in words.</param>
/// <param name="Fix">What to do.</param>
public sealed record LeakFinding(
    LeakKind Kind, bool IsError, string? Column, string Evidence, IReadOnlyList<string> Rows, string Fix);
