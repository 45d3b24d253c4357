namespace Tandem.Spec.Advice;

/// <summary>A question whose answer decides something about a design.</summary>
/// <param name="Key">Its name: a key of answers, and with hyphens a flag.</param>
/// <param name="Text">The question.</param>
/// <param name="Default">What is taken where nobody answers; empty where somebody must.</param>
/// <param name="Choices">The answers that there are; empty for a number or a length of time.</param>
public sealed record AdviceQuestion(string Key, string Text, string Default, IReadOnlyList<string> Choices);
